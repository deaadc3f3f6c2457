import { attested, drill, kept, quarter, said, schedules, terms, what } from './kept';
import { drillsFigure } from '../../../core/compliance/drills';

/** Due on 6 October, 3 November and 1 December at 10:00 UTC, each until 14:00. */
const monthly = [terms({ schedules: [schedules({})] })];
const october = drill('drill/october', '2026-10-06T10:00:00.000Z');
const november = drill('drill/november', '2026-11-03T10:01:00.000Z');
const december = drill('drill/december', '2026-12-01T10:00:00.000Z');
const all = [october, november, december];

test('each due date is answered by its drill, as it was attested', () => {
  const group = said({ terms: monthly, reports: all, attestations: all.map((one) => attested(one, 'passed')) });
  expect(group.drills.due).toEqual(
    ['2026-10-06', '2026-11-03', '2026-12-01'].map((day, index) => ({
      ...{ schedule: 'monthly', dueAt: `${day}T10:00:00.000Z`, until: `${day}T14:00:00.000Z` },
      ...{ state: 'passed', runId: all[index]?.run.runId, workflowId: all[index]?.run.workflowId },
    })),
  );
  expect(group.verdict).toBe('compliant');
});

test('due dates follow the clocks of their zone over a change', () => {
  const berlin = schedules({ start: '2026-10-19T09:00', repeat: 'FREQ=WEEKLY', timeZone: 'Europe/Berlin' });
  const { due } = said({ terms: [terms({ schedules: [berlin] })] }).drills;
  expect(due.slice(0, 3).map(({ dueAt }) => dueAt)).toEqual([
    '2026-10-19T07:00:00.000Z',
    '2026-10-26T08:00:00.000Z',
    '2026-11-02T08:00:00.000Z',
  ]);
});

test('the quarter is that of the zone that is asked for', () => {
  const midnight = schedules({ start: '2026-10-01T00:00', repeat: 'FREQ=YEARLY', timeZone: 'Europe/Berlin' });
  const dates = (zone: string) =>
    drillsFigure(kept({ terms: [terms({ schedules: [midnight] })] }), quarter(undefined, zone)).due.map(
      ({ dueAt }) => dueAt,
    );
  expect(dates('UTC')).toEqual([]);
  expect(dates('Europe/Berlin')).toEqual(['2026-09-30T22:00:00.000Z']);
});

test('no drill until the schedule comes again is overdue, and not compliant', () => {
  const group = said({
    terms: monthly,
    reports: [october, december],
    attestations: [attested(october, 'passed'), attested(december, 'passed')],
  });
  expect(group.drills.due.map(({ state }) => state)).toEqual(['passed', 'overdue', 'passed']);
  expect(group.verdict).toBe('not-compliant');
  expect(what(group, 'violation')).toEqual(['drill: monthly, due 2026-11-03T10:00:00.000Z: no drill was held']);
});

test('a drill that a person started counts, and is late after the time to catch up', () => {
  const byHand = drill('drill/by-hand', '2026-11-20T09:00:00.000Z');
  const group = said({
    terms: monthly,
    reports: [october, byHand, december],
    attestations: [october, byHand, december].map((one) => attested(one, 'passed')),
  });
  expect(group.drills.due[1]).toMatchObject({ state: 'passed', late: true, runId: byHand.run.runId });
  expect(group.verdict).toBe('compliant');
  expect(what(group, 'note')).toEqual(['drill: monthly, due 2026-11-03T10:00:00.000Z: held late']);
});

test('while there is time it is pending; afterwards overdue', () => {
  const at = (asOf: string) => said({ terms: monthly }, quarter(asOf)).drills.due.map(({ state }) => state);
  expect(at('2026-10-06T14:00:00.000Z')).toEqual(['pending']);
  expect(at('2026-10-06T14:00:00.001Z')).toEqual(['overdue']);
  expect(at('2026-10-06T09:59:59.000Z')).toEqual([]);
});

test('after the quarter only a drill that was still on time answers', () => {
  const last = [terms({ schedules: [schedules({ start: '2026-12-31T22:00', repeat: 'FREQ=YEARLY' })] })];
  const held = (startedAt: string) => {
    const one = drill('drill/new-year', startedAt);
    return said({ terms: last, reports: [one], attestations: [attested(one, 'passed')] }).drills;
  };
  expect(held('2027-01-01T01:59:00.000Z')).toMatchObject({
    due: [{ state: 'passed' }],
    held: [{ workflowId: 'drill/new-year' }],
  });
  expect(held('2027-01-01T02:01:00.000Z')).toMatchObject({ due: [{ state: 'overdue' }], held: [] });
});

test('a drill of which nobody has said anything is not provable', () => {
  const group = said({
    terms: monthly,
    reports: all,
    attestations: [attested(october, 'passed'), attested(december, 'passed')],
  });
  expect(group.drills.due[1]).toMatchObject({ state: 'unattested' });
  expect(group.verdict).toBe('not-provable');
  expect(what(group, 'gap')).toEqual(['drill: drill/november: nobody has said whether it passed']);
});

test('a drill that failed is a violation until a later one has passed', () => {
  const attestations = [attested(october, 'passed'), attested(november, 'failed')];
  const failed = said(
    { terms: monthly, reports: [october, november], attestations },
    quarter('2026-11-20T00:00:00.000Z'),
  );
  expect(failed.drills.due.map(({ state }) => state)).toEqual(['passed', 'failed']);
  expect(what(failed, 'violation')).toEqual(['drill: drill/november: attested as failed by ana@example.com']);
  const again = said({ terms: monthly, reports: all, attestations: [...attestations, attested(december, 'passed')] });
  expect(again.verdict).toBe('compliant');
  expect(what(again, 'note')).toEqual([
    'drill: drill/november: attested as failed by ana@example.com; a later drill passed',
  ]);
});

test.each(['declined', 'refused', 'withdrawn', 'expired'] as const)('a drill that was %s was none', (verdict) => {
  const group = said({ terms: monthly, reports: [drill('drill/october', '2026-10-06T10:00:00.000Z', { verdict })] });
  expect(group.drills.held).toEqual([]);
  expect(group.drills.due[0]).toMatchObject({ state: 'overdue' });
});

test('one that the machine gave up has failed though nobody says so', () => {
  const group = said({
    terms: monthly,
    reports: [drill('drill/october', '2026-10-06T10:00:00.000Z', { verdict: 'aborted' })],
  });
  expect(group.drills.due[0]).toMatchObject({ state: 'failed' });
  expect(what(group, 'violation')).toContain('drill: drill/october: ended as aborted');
});

test('where the way back is due as well, a drill without it does not answer', () => {
  const there = [terms({ schedules: [schedules({ roundTrip: true, repeat: 'FREQ=YEARLY' })] })];
  const leg = { site: 'beta', seconds: 20, withinRto: true, what: '', from: [] };
  const both = drill('drill/both', '2026-10-06T10:00:00.000Z', {
    legs: [
      { ...leg, operation: 'failover' },
      { ...leg, operation: 'reprotect' },
      { ...leg, operation: 'failback' },
    ],
  });
  expect(said({ terms: there, reports: [october] }).drills.due).toMatchObject([{ state: 'overdue' }]);
  expect(said({ terms: there, reports: [both] }).drills.due).toMatchObject([{ state: 'unattested' }]);
});

test('a schedule that is changed is due as it was until then', () => {
  const changed = [
    ...monthly,
    terms({
      since: '2026-11-01T00:00:00.000Z',
      schedules: [schedules({ repeat: 'FREQ=MONTHLY;INTERVAL=2;BYDAY=1TU' })],
    }),
  ];
  expect(said({ terms: changed }).drills.due.map(({ dueAt }) => dueAt)).toEqual([
    '2026-10-06T10:00:00.000Z',
    '2026-12-01T10:00:00.000Z',
  ]);
});

test('where no drill was due, that is said', () => {
  expect(what(said({}), 'note')).toEqual(['drill: no drill was due; 0 were held']);
});
