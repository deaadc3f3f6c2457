import type { StepState, StepStatus } from '../../../core/model/run';
import { epochAfterRollback, notNeeded } from '../../../core/running/rollback-rules';
import { compiled, inputFor } from '../planning/compiled';
import { parsedShop } from '../planning/shop';

const plan = compiled(inputFor(parsedShop(), 'failover'));
const needed = (...begun: string[]): readonly string[] => {
  const idle = notNeeded(plan, new Set(begun));
  return plan.rollback.map(({ id }) => id).filter((id) => !idle.has(id));
};

describe('notNeeded', () => {
  test('nothing is compensated when nothing was begun', () => {
    expect(needed()).toEqual([]);
  });

  test('a step that was begun is compensated, whether it acted or not', () => {
    expect(needed('stop-workload/web@alpha')).toEqual(['undo/start-workload/web@alpha', 'undo/check-health/web@alpha']);
  });

  test('a compensation gives way to the one that covers its case', () => {
    const begun = needed('stop-workload/web@alpha', 'fence-site/@alpha');
    expect(begun).not.toContain('undo/start-workload/web@alpha');
    expect(begun).toContain('undo/start-workload/web@alpha#2');
  });
});

describe('epochAfterRollback', () => {
  const after = (status: StepStatus, id = 'undo/unfence-site/@alpha'): number =>
    epochAfterRollback(plan, (step): StepState => ({ id: step, status: step === id ? status : 'not-needed' }));

  test.each([
    ['done', 3],
    ['failed', 3],
    ['pending', 1],
    ['not-needed', 1],
  ] as const)('a step of the new epoch that is %s → epoch %d', (status, epoch) => {
    expect(after(status)).toBe(epoch);
  });

  test('steps of the old epoch raise nothing', () => {
    expect(after('done', 'undo/start-workload/web@alpha')).toBe(1);
  });

  test('a TTL that is restored raises nothing: workloads go on with the old epoch', () => {
    const restored = plan.rollback.find(({ kind }) => kind === 'restore-ttl');
    expect(restored?.input.epoch).toBe(plan.epochs.rollback);
    expect(after('done', restored?.id)).toBe(1);
  });
});
