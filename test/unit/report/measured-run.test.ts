import type { RecoveryPlan } from '../../../core/model/plan';
import type { Verdict } from '../../../core/model/verdict';
import { buildReport, type ReportInput } from '../../../core/report/build-report';
import { measuredRun } from '../../../core/report/measured-run';
import { plannedFailback, plannedFailbackRetried, reprotected, scenarios, unplannedFailover } from './scenarios';

const measured = ({ plan, events }: ReportInput, verdict: Verdict = 'completed') =>
  plan && measuredRun({ plan, events, verdict });

/** All that a fixture waits for its window, it waits for a TTL. */
const withTtl = (input: ReportInput): ReportInput => {
  const steps = input.plan?.steps.map((step) =>
    step.kind === 'window' ? { ...step, kind: 'wait-ttl' as const, input: { seconds: 2 } } : step,
  );
  return { ...input, plan: { ...input.plan, steps } as RecoveryPlan };
};

test('a run is measured without what people and the clock alone were waited for', () => {
  expect(measured(plannedFailback)).toEqual({
    size: { mode: 'planned', strategy: 'cold', workloads: 2, volumes: 1, records: 1, hooks: 0 },
    workSeconds: 3.45,
    interruptionSeconds: 2.48,
    recoverySeconds: 2.48,
  });
});

test('what was tried again counts as often as it was tried, the time to the answer of a person does not', () => {
  const again = measured(plannedFailbackRetried);
  const once = measured(plannedFailback);
  expect((again?.workSeconds ?? 0) - (once?.workSeconds ?? 0)).toBeCloseTo(5);
  expect((again?.interruptionSeconds ?? 0) - (once?.interruptionSeconds ?? 0)).toBeCloseTo(5);
});

test('of an unplanned failover the service is gone from the start, but for what people took to answer', () => {
  const { workSeconds = 0, interruptionSeconds = 0 } = measured(unplannedFailover) ?? {};
  const { totalSeconds, peopleSeconds } = buildReport(unplannedFailover).time;
  expect(peopleSeconds).toBeGreaterThanOrEqual(12);
  expect(workSeconds).toBeCloseTo(totalSeconds - peopleSeconds - 0.1);
  expect(interruptionSeconds).toBeLessThan(totalSeconds - peopleSeconds);
  expect(interruptionSeconds).toBeGreaterThan(0);
});

test('a reprotect interrupts nothing', () => {
  const { workSeconds, ...rest } = measured(reprotected) ?? {};
  expect(workSeconds).toBeGreaterThan(0);
  expect(rest).not.toHaveProperty('interruptionSeconds');
});

test('a TTL is no work, and is part of what is compared with the estimate', () => {
  const input = withTtl(plannedFailback);
  expect(measured(input)?.workSeconds).toBe(3.45);
  expect(buildReport(input).estimate.actualSeconds).toBe(5.45);
  expect(buildReport(plannedFailback).estimate.actualSeconds).toBe(3.45);
});

test.each<Verdict>([
  'completed-with-issues',
  'declined',
  'expired',
  'withdrawn',
  'rolled-back',
  'rollback-incomplete',
  'aborted',
  'refused',
])('a run that ended as %s says nothing of how long the next one takes', (verdict) => {
  expect(measured(plannedFailback, verdict)).toBeUndefined();
});

test('whatever events there are, what was measured is never negative', () => {
  for (const { plan, events } of Object.values(scenarios)) {
    if (plan === undefined) continue;
    for (let length = 0; length <= events.length; length += 1) {
      const run = measuredRun({ plan, events: events.slice(0, length), verdict: 'completed' });
      expect(run?.workSeconds ?? 0).toBeGreaterThanOrEqual(0);
      expect(run?.interruptionSeconds ?? 0).toBeGreaterThanOrEqual(0);
    }
  }
});
