import * as fc from 'fast-check';
import { planSize, type MeasuredRun } from '../../../core/model/measured-run';
import type { RecoveryPlan } from '../../../core/model/plan';
import type { RunSummary } from '../../../core/model/protection';
import { arbitraryInput, compiled, inputFor } from './compiled';
import { parsedShop } from './shop';

const shop = parsedShop();
const input = inputFor(shop, 'failback');
const own = compiled(input);

/** What is waited for a TTL is known, and not of earlier runs. */
const ttl = own.steps.find(({ kind }) => kind === 'wait-ttl')?.input.seconds ?? 0;

const earlier = (measured: Partial<MeasuredRun> | undefined, more: Partial<RunSummary> = {}): RunSummary => ({
  workflowId: 'failback/shop/1',
  runId: 'r1',
  operation: 'failback',
  verdict: 'completed',
  startedAt: '2026-11-20T10:00:00.000Z',
  finishedAt: '2026-11-20T10:01:00.000Z',
  ...(measured && { measured: { size: planSize(own), workSeconds: 60, interruptionSeconds: 30, ...measured } }),
  ...more,
});

const taking = (...seconds: readonly number[]): RunSummary[] =>
  seconds.map((workSeconds) => earlier({ workSeconds, interruptionSeconds: workSeconds / 2 }));

const estimated = (earlierRuns: readonly RunSummary[]): RecoveryPlan => compiled({ ...input, earlierRuns });

test('the shop waits for a TTL, so that this is seen here', () => {
  expect(ttl).toBeGreaterThan(0);
});

test.each<[string, RunSummary[], number | undefined, number | undefined]>([
  ['no runs', [], undefined, undefined],
  ['two runs say too little', taking(100, 100), undefined, undefined],
  ['of three the longest', taking(100, 300, 200), 300, 3],
  ['of nine the longest', taking(1, 2, 3, 4, 5, 6, 7, 8, 900), 900, 9],
  ['of ten the longest but one', taking(1, 2, 3, 4, 5, 6, 7, 8, 9, 900), 9, 10],
  ['more than ten are too long ago', taking(...Array<number>(10).fill(20), ...Array<number>(10).fill(900)), 20, 10],
  ['a faster one than the steps of the plan say', taking(0.5, 0.5, 0.5), 0.5, 3],
])('%s', (_, runs, work, count) => {
  const { estimateSeconds, earlierRuns } = estimated(runs);
  expect(estimateSeconds).toBeCloseTo(work === undefined ? own.estimateSeconds : work + ttl);
  expect(earlierRuns).toBe(count);
});

test.each<[string, Partial<MeasuredRun> | undefined, Partial<RunSummary>]>([
  ['of another operation', {}, { operation: 'failover' }],
  ['of the other mode', { size: { ...planSize(own), mode: 'unplanned' } }, {}],
  ['of the other strategy', { size: { ...planSize(own), strategy: 'warm' } }, {}],
  ['of another number of workloads', { size: { ...planSize(own), workloads: 50 } }, {}],
  ['of another number of volumes', { size: { ...planSize(own), volumes: 50 } }, {}],
  ['of another number of records', { size: { ...planSize(own), records: 50 } }, {}],
  ['with other hooks', { size: { ...planSize(own), hooks: 50 } }, {}],
  ['that were not measured', undefined, {}],
])('runs %s say nothing', (_, measured, more) => {
  const others = Array.from({ length: 5 }, () => earlier(measured && { ...measured, workSeconds: 900 }, more));
  expect(estimated(others)).toEqual(own);
  expect(estimated([...taking(7, 7), ...others, ...taking(7)])).toMatchObject({
    estimateSeconds: 7 + ttl,
    earlierRuns: 3,
  });
});

test('the interruption is from the same runs, and never longer than the whole', () => {
  expect(estimated(taking(100, 200, 300)).interruptionSeconds).toBeCloseTo(150);
  const apart = [earlier({ workSeconds: 10 }), earlier({ workSeconds: 10 }), earlier({ workSeconds: 10 })];
  expect(estimated(apart)).toMatchObject({ estimateSeconds: 10 + ttl, interruptionSeconds: 10 + ttl });
});

test('the hash is of what runs: other estimates make no approval fall', () => {
  expect(estimated(taking(100, 200, 300)).hash).toBe(own.hash);
});

const seconds = fc.double({ min: 0, max: 1e6, noNaN: true });

test('whatever the runs took, an estimate is never negative, is not longer than the longest, and grows with them', () => {
  fc.assert(
    fc.property(arbitraryInput, fc.array(seconds, { minLength: 3, maxLength: 12 }), seconds, (any, took, more) => {
      const plan = compiled(any);
      const after = (extra: number): RecoveryPlan =>
        compiled({
          ...any,
          earlierRuns: took.map((workSeconds) =>
            earlier(
              { size: planSize(plan), workSeconds: workSeconds + extra, interruptionSeconds: workSeconds },
              { operation: any.operation },
            ),
          ),
        });
      const [estimate, longer] = [after(0), after(more)];
      const waits = plan.steps.reduce((sum, { input: { seconds: wait = 0 } }) => sum + wait, 0);
      expect(estimate.earlierRuns).toBe(Math.min(10, took.length));
      expect(estimate.estimateSeconds).toBeGreaterThanOrEqual(0);
      expect(estimate.estimateSeconds).toBeLessThanOrEqual(Math.max(...took) + waits + 0.001);
      expect(longer.estimateSeconds).toBeGreaterThanOrEqual(estimate.estimateSeconds);
      expect(estimate.interruptionSeconds ?? 0).toBeLessThanOrEqual(estimate.estimateSeconds);
      expect(estimate.hash).toBe(plan.hash);
    }),
    { numRuns: 60 },
  );
});
