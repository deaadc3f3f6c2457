import fc from 'fast-check';
import { rpoFigure } from '../../../core/compliance/rpo-figure';
import type { ProtectionSample } from '../../../core/model/evidence';
import { breached, kept, quarter, said, sample, terms, what, wholeQuarter } from './kept';

const QUARTER = 92 * 86_400;

test('a quarter within the objective, all of it covered, is compliant', () => {
  const group = said({});
  expect(group).toMatchObject({
    verdict: 'compliant',
    because: 'everything that was promised was held, and is on record',
  });
  expect(group.rpo).toMatchObject({
    withinSeconds: QUARTER,
    beyondSeconds: 0,
    unknownSeconds: 0,
    gaps: [],
    breaches: [],
  });
  expect(group.rpo.slices).toHaveLength(92);
});

test('a quarter without any evidence is not provable, and all of it is unknown', () => {
  const group = said({ samples: [], terms: [], entries: 0 });
  expect(group.verdict).toBe('not-provable');
  expect(group.rpo).toMatchObject({ withinSeconds: 0, beyondSeconds: 0, unknownSeconds: QUARTER });
  expect(what(group, 'gap')).toEqual([
    'evidence: there is no evidence of this group',
    'evidence: what was promised is not kept',
    'rpo: of 92 d (100 %) it is not known how far the standby was behind',
  ]);
});

test('an hour that no sample covers is unknown, is named, and is never compliant', () => {
  const samples = [
    sample('2026-10-01T00:00:00.000Z', '2026-11-11T11:00:00.000Z'),
    sample('2026-11-11T12:00:00.000Z', '2027-01-01T00:00:00.000Z'),
  ];
  const group = said({ samples });
  expect(group.verdict).toBe('not-provable');
  expect(group.rpo).toMatchObject({ withinSeconds: QUARTER - 3600, beyondSeconds: 0, unknownSeconds: 3600 });
  expect(group.rpo.gaps).toEqual([{ from: '2026-11-11T11:00:00.000Z', to: '2026-11-11T12:00:00.000Z', seconds: 3600 }]);
});

test('a breach that samples tell of in pieces is one; it goes on over the end of the year with its whole length', () => {
  const samples = [
    sample('2026-10-01T00:00:00.000Z', '2026-12-31T22:00:00.000Z'),
    breached('2026-12-31T22:00:00.000Z', '2026-12-31T23:00:00.000Z', [['2026-12-31T22:50:00.000Z']], 40),
    breached('2026-12-31T23:00:00.000Z', '2027-01-01T00:00:00.000Z', [['2026-12-31T22:50:00.000Z']], 90),
    breached(
      '2027-01-01T00:00:00.000Z',
      '2027-01-01T01:00:00.000Z',
      [['2026-12-31T22:50:00.000Z', '2027-01-01T00:20:00.000Z']],
      70,
    ),
  ];
  const group = said({ samples });
  expect(group.rpo.breaches).toEqual([
    {
      ...{ kind: 'lag', since: '2026-12-31T22:50:00.000Z', until: '2027-01-01T00:20:00.000Z' },
      ...{ seconds: 5400, secondsInPeriod: 4200, worstLagSeconds: 90 },
    },
  ]);
  expect(group.rpo).toMatchObject({ beyondSeconds: 4200, withinSeconds: QUARTER - 4200, unknownSeconds: 0 });
  expect(group.verdict).toBe('not-compliant');
  expect(what(group, 'violation')).toEqual([
    'rpo: 1 h 10 min beyond the RPO (0.052 %), in 1 breach; the longest 1 h 30 min',
  ]);
});

test('a breach that nobody saw the end of has none', () => {
  const samples = [breached('2026-10-01T00:00:00.000Z', '2026-10-01T01:00:00.000Z', [['2026-10-01T00:30:00.000Z']])];
  expect(said({ samples }).rpo.breaches).toEqual([
    { kind: 'lag', since: '2026-10-01T00:30:00.000Z', seconds: 1800, secondsInPeriod: 1800, worstLagSeconds: 30 },
  ]);
});

test('one that the next sample says nothing of was over when that began', () => {
  const samples = [
    breached('2026-10-01T00:00:00.000Z', '2026-10-01T01:00:00.000Z', [['2026-10-01T00:30:00.000Z']]),
    sample('2026-10-01T01:00:00.000Z', '2027-01-01T00:00:00.000Z'),
  ];
  expect(said({ samples }).rpo.breaches).toMatchObject([{ until: '2026-10-01T01:00:00.000Z', seconds: 1800 }]);
});

test('of a sample across the edge of the quarter, what is dated counts where it was, and the rest by its share', () => {
  // Two hours, one of them in October: 30 min beyond in September, 10 min beyond in October, 20 of the other 80 min unknown.
  const edge = breached('2026-09-30T23:00:00.000Z', '2026-10-01T01:00:00.000Z', [
    ['2026-09-30T23:15:00.000Z', '2026-09-30T23:45:00.000Z'],
    ['2026-10-01T00:10:00.000Z', '2026-10-01T00:20:00.000Z'],
  ]);
  const samples = [
    { ...edge, withinSeconds: edge.withinSeconds - 1200, unknownSeconds: 1200 },
    sample('2026-10-01T01:00:00.000Z', '2027-01-01T00:00:00.000Z'),
  ];
  // 50 of the 80 calm minutes lie in October, so 50/80 of what is unknown.
  expect(said({ samples }).rpo).toMatchObject({
    beyondSeconds: 600,
    unknownSeconds: 750,
    withinSeconds: QUARTER - 1350,
  });
});

test('what two samples tell of counts once', () => {
  const samples = [
    sample('2026-10-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'),
    sample('2026-11-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'),
  ];
  expect(said({ samples }).rpo).toMatchObject({ withinSeconds: QUARTER, unknownSeconds: 0 });
});

test('the worst lag is that of the period, with its instant', () => {
  const samples = [
    sample('2026-09-30T00:00:00.000Z', '2026-10-01T00:00:00.000Z', {
      worst: { lagSeconds: 99, at: '2026-09-30T12:00:00.000Z' },
    }),
    sample('2026-10-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z', {
      worst: { lagSeconds: 4, at: '2026-10-09T12:00:00.000Z' },
    }),
    sample('2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z', {
      worst: { lagSeconds: 3, at: '2026-12-09T12:00:00.000Z' },
    }),
  ];
  expect(said({ samples }).rpo.worst).toEqual({ lagSeconds: 4, at: '2026-10-09T12:00:00.000Z' });
});

test('time in which nothing was replicated is beyond the objective', () => {
  const samples = [
    sample('2026-10-01T00:00:00.000Z', '2026-10-02T00:00:00.000Z'),
    sample('2026-10-02T00:00:00.000Z', '2026-10-02T02:00:00.000Z', {
      ...{ phase: 'FailedOver', activeSite: 'recovery', direction: 'none', withinSeconds: 0, unknownSeconds: 7200 },
    }),
    sample('2026-10-02T02:00:00.000Z', '2027-01-01T00:00:00.000Z'),
  ];
  const { rpo } = said({ samples });
  expect(rpo).toMatchObject({ beyondSeconds: 7200, unprotectedSeconds: 7200, unknownSeconds: 0 });
  expect(rpo.breaches).toEqual([
    {
      ...{ kind: 'unprotected', since: '2026-10-02T00:00:00.000Z', until: '2026-10-02T02:00:00.000Z' },
      ...{ seconds: 7200, secondsInPeriod: 7200 },
    },
  ]);
});

test('while an operation moves the service, the sample is believed', () => {
  const samples = [
    sample('2026-10-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z', { phase: 'Recovering', direction: 'none' }),
  ];
  expect(said({ samples }).rpo).toMatchObject({ withinSeconds: QUARTER, unprotectedSeconds: 0 });
});

describe('an objective that changes in the middle', () => {
  const tightened = [
    terms({ objectives: { rpoSeconds: 60, rtoSeconds: 60 } }),
    terms({ since: '2026-11-01T00:00:00.000Z' }),
  ];

  test('is judged on each side as it was promised there', () => {
    const samples = [
      sample('2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z', {
        rpoSeconds: 60,
        worst: { lagSeconds: 30, at: '2026-10-05T00:00:00.000Z' },
      }),
      sample('2026-11-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'),
    ];
    const group = said({ samples, terms: tightened });
    expect(group.verdict).toBe('compliant');
    expect(group.promised.map(({ since, objectives }) => [since, objectives.rpoSeconds])).toEqual([
      ['2026-09-01T00:00:00.000Z', 60],
      ['2026-11-01T00:00:00.000Z', 5],
    ]);
  });

  test('is not held by what was measured against the easier one', () => {
    const late = { rpoSeconds: 60, worst: { lagSeconds: 30, at: '2026-11-05T00:00:00.000Z' } };
    const samples = [
      sample('2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z', { rpoSeconds: 60 }),
      sample('2026-11-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z', late),
    ];
    expect(said({ samples, terms: tightened }).rpo.unknownSeconds).toBe(61 * 86_400);
    const near = samples.map((one) => ({ ...one, worst: { lagSeconds: 4, at: one.from } }));
    expect(said({ samples: near, terms: tightened }).rpo.unknownSeconds).toBe(0);
  });

  test('on the way home it is the objective of failback that was promised', () => {
    const home = sample('2026-10-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z', {
      ...{ direction: 'recovery-to-primary', phase: 'ReverseProtected', rpoSeconds: 900 },
      worst: { lagSeconds: 600, at: '2026-10-05T00:00:00.000Z' },
    });
    expect(said({ samples: [home] }).rpo.withinSeconds).toBe(QUARTER);
  });
});

test('a period that goes on ends with the last sample, when that is no older than samples are apart', () => {
  const samples = [sample('2026-10-01T00:00:00.000Z', '2026-11-10T10:00:00.000Z')];
  const soon = said({ samples }, quarter('2026-11-10T10:50:00.000Z'));
  expect(soon.rpo).toMatchObject({ to: '2026-11-10T10:00:00.000Z', unknownSeconds: 0 });
  expect(soon.verdict).toBe('compliant');
  const late = said({ samples }, quarter('2026-11-10T13:00:00.000Z'));
  expect(late.rpo).toMatchObject({ to: '2026-11-10T13:00:00.000Z', unknownSeconds: 3 * 3600 });
});

test('a change of the evidence makes everything not provable, also what speaks against the group', () => {
  const faults = [{ where: 'body of entry 4', what: 'it is not what was kept' }];
  expect(said({ faults })).toMatchObject({ verdict: 'not-provable', because: 'the evidence is not as it was written' });
  expect(
    said({
      faults,
      samples: [
        breached('2026-10-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z', [
          ['2026-10-05T00:00:00.000Z', '2026-10-05T00:01:00.000Z'],
        ]),
      ],
    }).verdict,
  ).toBe('not-provable');
});

test('what was promised before the first terms is not known', () => {
  const group = said({ terms: [terms({ since: '2026-10-15T00:00:00.000Z' })], samples: wholeQuarter });
  expect(group.verdict).toBe('not-provable');
  expect(what(group, 'gap')).toEqual(['evidence: what was promised before 2026-10-15T00:00:00.000Z is not kept']);
});

const start = Date.parse('2026-09-25T00:00:00.000Z');
const HOURS = 2_500;
const instantAt = (ms: number): string => new Date(start + ms).toISOString();

const someSeconds = fc.integer({ min: 0, max: 900_000 });

const anySample = fc
  .record({
    from: fc.integer({ min: 0, max: HOURS * 3_600_000 }),
    length: fc.integer({ min: 1, max: 200 * 3_600_000 }),
    parts: fc.tuple(someSeconds, someSeconds, someSeconds),
    breaches: fc.array(
      fc.tuple(fc.integer({ min: 0, max: 900 }), fc.option(fc.integer({ min: 0, max: 900 }), { nil: undefined })),
      { maxLength: 3 },
    ),
    direction: fc.constantFrom('none' as const, 'primary-to-recovery' as const),
    rpoSeconds: fc.constantFrom(5, 60),
  })
  .map(({ from, length, parts: [withinSeconds, beyondSeconds, unknownSeconds], breaches, ...rest }): ProtectionSample =>
    sample(instantAt(from), instantAt(from + length), {
      ...rest,
      ...{ withinSeconds, beyondSeconds, unknownSeconds },
      breaches: breaches.map(([since, lasting]) => ({
        since: instantAt(from + (since * length) / 900),
        ...(lasting !== undefined && { until: instantAt(from + ((since + lasting) * length) / 900) }),
        worstLagSeconds: 9,
      })),
    }),
  );

test('within, beyond and unknown add up to the period whatever the samples, as do those of its slices', () => {
  fc.assert(
    fc.property(fc.array(anySample, { maxLength: 30 }), (samples) => {
      const rpo = rpoFigure(kept({ samples }), quarter());
      const ms = ({ withinSeconds, beyondSeconds, unknownSeconds }: typeof rpo | (typeof rpo.slices)[number]): number =>
        [withinSeconds, beyondSeconds, unknownSeconds].reduce((sum, seconds) => sum + Math.round(seconds * 1000), 0);
      expect(ms(rpo)).toBe(QUARTER * 1000);
      expect(
        Math.min(rpo.withinSeconds, rpo.beyondSeconds, rpo.unknownSeconds, rpo.unprotectedSeconds),
      ).toBeGreaterThanOrEqual(0);
      expect(rpo.slices.map(ms)).toEqual(rpo.slices.map(() => 86_400_000));
      const sum = rpo.slices.reduce((all, { withinSeconds }) => all + withinSeconds, 0);
      expect(Math.abs(sum - rpo.withinSeconds)).toBeLessThan(0.2);
      const covered = QUARTER - rpo.gaps.reduce((all, { seconds }) => all + seconds, 0);
      expect(rpo.withinSeconds + rpo.beyondSeconds).toBeLessThanOrEqual(covered + 0.001);
    }),
    { numRuns: 300 },
  );
});
