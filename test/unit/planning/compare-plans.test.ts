import * as fc from 'fast-check';
import { planDifferences } from '../../../core/planning/compare-plans';
import { arbitraryPlan, compiled, inputFor } from './compiled';
import { parsedShop } from './shop';

const shop = parsedShop();
const input = inputFor(shop, 'failback');
const plan = compiled(input);

test('of any plan and itself nothing differs', () => {
  fc.assert(
    fc.property(arbitraryPlan, (any) => {
      expect(planDifferences(any, any)).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

test('after another operation only the epochs differ, and that is said once', () => {
  const later = compiled({ ...input, epochs: { from: 3, to: 4, rollback: 5 } });
  expect(planDifferences(plan, later)).toEqual([
    'an operation has taken place since: the active site then had epoch 1, now 3',
  ]);
});

test('another order of the same steps is said as such', () => {
  const startOrder = ['ledger', 'web', 'api'];
  const free = shop.workloads.map((workload) => ({ ...workload, dependsOn: [] }));
  const before = compiled(inputFor({ ...shop, workloads: free }, 'failback'));
  const operations = { ...shop.operations, failback: { ...shop.operations.failback, startOrder } };
  const later = compiled({
    ...inputFor({ ...shop, workloads: free, operations }, 'failback'),
    digest: before.runbookDigest,
  });
  expect(planDifferences(before, later)).toContain('the order of the steps has changed');
});

test('a workload more, one less and one that is stopped in another way are told apart', () => {
  const [ledger, api, web] = shop.workloads;
  if (ledger === undefined || api === undefined || web === undefined) throw new Error('the shop has three workloads');
  const worker = { ...api, name: 'worker' };
  const runbook = { ...shop, workloads: [ledger, { ...api, checks: [] }, worker] };
  const later = compiled({ ...inputFor(runbook, 'failback'), digest: 'other' });
  const [first, ...others] = planDifferences(plan, later);
  expect(first).toBe('the runbook has changed');
  expect(others).toContainEqual(expect.stringMatching(/^steps not there any more: .*stop-workload\/web@beta/));
  expect(others).toContainEqual(expect.stringMatching(/^new steps: .*stop-workload\/worker@beta/));
  expect(others).toContainEqual(expect.stringMatching(/^changed step: check-health\/api@alpha/));
  expect(others).toContainEqual(expect.stringMatching(/^new compensations: .*start-workload\/worker@beta/));
});
