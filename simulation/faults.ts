import type { TrialFault } from '../core/model/fault-trial';
import type { PlanStep, RecoveryPlan } from '../core/model/plan';
import { traitsOf } from '../core/model/step-kinds';

const moments = ['before', 'after'] as const;

/** The ways in which a step can fail. What only looks has no effect to fail after; barriers do nothing, and a timer does not fail. */
function momentsOf({ kind }: PlanStep): readonly TrialFault['moment'][] {
  const { runs, effect, guards, added } = traitsOf(kind);
  if (added || effect !== 'none') return moments;
  if (runs !== 'workflow') return ['before'];
  return guards ? ['closed'] : [];
}

const faultsOf = (step: PlanStep, during: TrialFault['during']): readonly TrialFault[] =>
  momentsOf(step).map((moment) => ({ step: step.id, title: step.title, moment, during }));

/** Every step fails in turn. */
export const faultsIn = ({ steps }: RecoveryPlan): readonly TrialFault[] =>
  steps.flatMap((step) => faultsOf(step, 'run'));

/** Every compensation fails in turn, of those that are needed when the last step before the commit point has failed. */
export const faultsInRollback = ({ rollback }: RecoveryPlan, needed: (id: string) => boolean): readonly TrialFault[] =>
  rollback.filter(({ id }) => needed(id)).flatMap((step) => faultsOf(step, 'rollback'));

/** The last step before the commit point that can fail: whatever a run can have begun until then is begun. */
export function lastBeforeCommit({ steps, commitStep }: RecoveryPlan): PlanStep | undefined {
  const before = steps.slice(
    0,
    steps.findIndex(({ id }) => id === commitStep),
  );
  return before.reverse().find((step) => momentsOf(step).includes('before'));
}
