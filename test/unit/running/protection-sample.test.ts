import type { ProtectionState, ReplicationState } from '../../../core/model/protection';
import fc from 'fast-check';
import {
  accounted,
  beginSample,
  goesOn,
  sampleOf,
  standingOf,
  type GrowingSample,
} from '../../../core/running/protection-sample';

const instant = (seconds: number): string => new Date(Date.UTC(2026, 10, 29, 10) + seconds * 1000).toISOString();

/** The standby is complete up to `asOf`, in seconds; the objective is 60 s. */
const standing = (asOf?: number): GrowingSample['standing'] => ({
  phase: 'Protected',
  activeSite: 'primary',
  direction: 'primary-to-recovery',
  rpoSeconds: 60,
  ...(asOf !== undefined && { asOf: instant(asOf) }),
});

/** From one look to the next: at each, the standby is known complete up to another instant. */
function watched(looks: readonly { readonly at: number; readonly asOf?: number }[], until: number): GrowingSample {
  let sample = beginSample(standing(looks[0]?.asOf), instant(looks[0]?.at ?? 0));
  for (const { at, asOf } of looks.slice(1)) sample = { ...accounted(sample, instant(at)), standing: standing(asOf) };
  return accounted(sample, instant(until));
}

test('a lag within the objective is no breach, whenever somebody looks', () => {
  const sample = sampleOf(
    watched(
      [
        { at: 0, asOf: -5 },
        { at: 50, asOf: 40 },
      ],
      90,
    ),
  );
  expect(sample).toMatchObject({ withinSeconds: 90, beyondSeconds: 0, unknownSeconds: 0, breaches: [] });
  expect(sample.worst).toEqual({ lagSeconds: 55, at: instant(50) });
});

test('a breach begins at the moment at which the lag passed the objective, and ends when the standby is known to have caught up', () => {
  const sample = sampleOf(
    watched(
      [
        { at: 0, asOf: 0 },
        { at: 200, asOf: 190 },
      ],
      210,
    ),
  );
  expect(sample).toMatchObject({ withinSeconds: 70, beyondSeconds: 140 });
  expect(sample.breaches).toEqual([{ since: instant(60), until: instant(200), worstLagSeconds: 200 }]);
});

test('a standby that caught up only in part goes on with the same breach', () => {
  const sample = sampleOf(
    watched(
      [
        { at: 0, asOf: 0 },
        { at: 100, asOf: 10 },
        { at: 150, asOf: 149 },
      ],
      160,
    ),
  );
  expect(sample.breaches).toEqual([{ since: instant(60), until: instant(150), worstLagSeconds: 140 }]);
});

test('a breach that is not over goes on in the next sample, from where it began', () => {
  const first = watched([{ at: 0, asOf: 0 }], 100);
  expect(sampleOf(first).breaches).toEqual([{ since: instant(60), worstLagSeconds: 100 }]);
  const next = accounted(beginSample(first.standing, first.at, first.breach), instant(130));
  expect(sampleOf(next).breaches).toEqual([{ since: instant(60), worstLagSeconds: 130 }]);
  expect(sampleOf(next)).toMatchObject({ from: instant(100), to: instant(130), beyondSeconds: 30 });
});

test('while nothing is replicated the lag grows from what both sites had last; of a group of which nothing is known, all is beyond', () => {
  const none = { ...standing(0), direction: 'none' } as const;
  expect(sampleOf(accounted(beginSample(none, instant(0)), instant(100)))).toMatchObject({
    ...{ withinSeconds: 60, beyondSeconds: 40, breaches: [{ since: instant(60), worstLagSeconds: 100 }] },
  });
  const { asOf: _unknown, ...never } = none;
  const sample = sampleOf(accounted(beginSample(never, instant(0)), instant(40)));
  expect(sample).toMatchObject({ withinSeconds: 0, beyondSeconds: 40, breaches: [{ since: instant(0) }] });
  expect(sample.worst).toBeUndefined();
});

test('what is not known is neither within nor beyond', () => {
  const sample = sampleOf(watched([{ at: 0 }, { at: 30, asOf: 25 }], 40));
  expect(sample).toMatchObject({ unknownSeconds: 30, withinSeconds: 10, beyondSeconds: 0 });
});

test('whatever was seen, the three together are the span, and every second beyond is in a breach', () => {
  const look = fc.record({
    after: fc.integer({ min: 0, max: 200 }),
    behind: fc.option(fc.integer({ min: 0, max: 150 })),
  });
  fc.assert(
    fc.property(fc.array(look, { minLength: 1, maxLength: 20 }), (looks) => {
      let at = 0;
      const seen = looks.map(({ after, behind }) => {
        at += after;
        return { at, ...(behind !== null && { asOf: at - behind }) };
      });
      const sample = sampleOf(watched(seen, at + 30));
      const span = at + 30 - (seen[0]?.at ?? 0);
      expect(sample.withinSeconds + sample.beyondSeconds + sample.unknownSeconds).toBeCloseTo(span, 6);
      const breached = sample.breaches.reduce(
        (sum, { since, until = sample.to }) => sum + (Date.parse(until) - Date.parse(since)) / 1000,
        0,
      );
      expect(breached).toBeCloseTo(sample.beyondSeconds, 6);
    }),
  );
});

test('an operation that takes the group, another phase and another objective each begin a sample of their own', () => {
  const sample = watched([{ at: 0, asOf: 0 }], 10);
  expect(goesOn(sample, standing(5))).toBe(true);
  expect(goesOn(sample, { ...standing(5), rpoSeconds: 30 })).toBe(false);
  expect(goesOn(sample, { ...standing(5), phase: 'Recovering' })).toBe(false);
  expect(goesOn(sample, { ...standing(5), during: { operation: 'failover', workflowId: 'failover/shop/1' } })).toBe(
    false,
  );
});

/** Of a group with these volumes. */
const state = (
  asOf: Readonly<Record<string, string>>,
  replication: Partial<ReplicationState> = {},
): ProtectionState => ({
  ...{ group: 'shop', phase: 'Protected', activeSite: 'primary', epoch: 1, highestEpoch: 1, runs: [] },
  fencing: { primary: 'unfenced', recovery: 'fenced' },
  replication: { direction: 'primary-to-recovery', paused: false, rpoSeconds: 60, asOf, ...replication },
});

test('a group is as far as the volume that is furthest behind, and not known when one is not', () => {
  expect(standingOf(state({ orders: instant(9), carts: instant(4) })).asOf).toBe(instant(4));
  expect(standingOf(state({ orders: instant(9), carts: 'never' })).asOf).toBeUndefined();
  expect(standingOf(state({})).asOf).toBeUndefined();
});

test('a group without volumes has lost nothing since its last pass', () => {
  expect(standingOf(state({}, { lastPassAt: instant(8) })).asOf).toBe(instant(8));
});

test('after a commit point, until the first pass of the new direction, what was at both sites still is', () => {
  const before = standing(5);
  expect(standingOf(state({}), before)).toMatchObject({ asOf: instant(5), rpoSeconds: 60 });
  expect(standingOf(state({}, { direction: 'none' }), before)).toMatchObject({ asOf: instant(5), direction: 'none' });
  expect(standingOf(state({ orders: instant(9) }), before).asOf).toBe(instant(9));
});
