import type { CompileRequest } from '../../../activities/contract';
import { benchRunbook } from '../../../bench/plan/bench-runbook';
import { fourStepPlan } from '../../../bench/plan/four-steps';
import type { RecoveryPlan } from '../../../core/model/plan';
import { criticalPathSeconds } from '../../../core/planning/critical-path';
import { parseRunbook } from '../../../core/runbook/parse-runbook';

/** The most that Temporal takes as one payload. */
const payloadBytes = 2 * 1024 * 1024;

function planOf(groups: number, workloadsPerGroup: number): RecoveryPlan {
  const parsed = parseRunbook(benchRunbook({ group: 'bench', priorities: groups, workloadsPerGroup }), 'bench.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  const request = { runbook: parsed.runbook, digest: 'd', operation: 'failover', mode: 'planned' } as const;
  return fourStepPlan({ ...request, epochs: { from: 1, to: 2, rollback: 3 } } as CompileRequest);
}

describe('the plan that is measured', () => {
  test.each([
    [1, 10],
    [5, 20],
    [10, 100],
  ])('of %d groups x %d workloads has 4 steps a workload, and no longer chain than 4 steps a group', (groups, each) => {
    const { steps } = planOf(groups, each);
    const calls = steps.filter(({ kind }) => kind !== 'barrier' && kind !== 'commit');
    expect(calls).toHaveLength(groups * each * 4);
    const seconds = criticalPathSeconds(steps, (step) => (calls.includes(step) ? 1 : 0));
    expect(seconds).toBe(groups * 4);
  });

  test('begins a group only when every workload of the one before is healthy', () => {
    const { steps } = planOf(2, 3);
    const barrier = steps.find(({ id }) => id === 'barrier/start-1');
    const healthy = steps.filter(({ kind, segment }) => kind === 'check-health' && segment === 'start-1');
    expect(barrier?.dependsOn).toEqual(expect.arrayContaining(healthy.map(({ id }) => id)));
    expect(steps.find(({ id }) => id === 'stop-workload/w3@north')?.dependsOn).toEqual(['barrier/start-1']);
  });

  test('of 1,000 workloads fits into one payload', () => {
    expect(Buffer.byteLength(JSON.stringify(planOf(10, 100)))).toBeLessThan(payloadBytes);
  });
});
