import { buildReport } from '../../../core/report/build-report';
import type { PlanStep } from '../../../core/model/plan';
import { plannedFailback } from './scenarios';
import { Script } from './script';
import { failbackPlan } from './shop-plan';

const [first, second, third] = failbackPlan.steps;
if (!first || !second || !third) throw new Error('the plan has three steps');

const barrier = (id: string, dependsOn: readonly string[]): PlanStep => ({
  id,
  kind: 'barrier',
  title: id,
  segment: second.segment,
  dependsOn,
  input: {},
});

/** Two steps side by side, two barriers in a row, then a third step. Barriers leave no events. */
const plan = {
  ...failbackPlan,
  steps: [
    { ...first, dependsOn: [] },
    { ...second, dependsOn: [] },
    barrier('barrier/one', [first.id, second.id]),
    barrier('barrier/two', ['barrier/one']),
    { ...third, dependsOn: ['barrier/two'] },
  ],
};
const untilBarriers = new Script().planned().step(first.id, 1).step(second.id, 3);
const reportOf = (script: Script) => buildReport({ ...plannedFailback, plan, events: script.events });

test('the critical path goes through barriers and does not name them', () => {
  const report = reportOf(new Script().planned().step(first.id, 1).step(second.id, 3).step(third.id, 1));
  expect(report.criticalPath.steps.map(({ id }) => id)).toEqual([second.id, third.id]);
});

test('barriers count as passed, so that a complete plan has an actual time to compare with the estimate', () => {
  const report = reportOf(new Script().planned().step(first.id, 1).step(second.id, 3).step(third.id, 1));
  expect(report.estimate.actualSeconds).toBeGreaterThan(3);
});

test('a barrier is passed when the last step before it is complete, whatever comes after', () => {
  const statuses = reportOf(untilBarriers).steps.map(({ id, status }) => [id, status]);
  expect(statuses).toContainEqual(['barrier/two', 'done']);
  expect(statuses).toContainEqual([third.id, 'pending']);
});

test('a barrier with an incomplete step before it is not passed', () => {
  const report = reportOf(new Script().planned().step(first.id, 1));
  expect(report.steps.find(({ id }) => id === 'barrier/one')?.status).toBe('pending');
});
