import type { RecoveryPlan } from '../model/plan';
import type { StepState } from '../model/run';

/**
 * The compensations that have nothing to undo, as states for a StepGraph: none of what they compensate was begun, or another
 * compensation covers the case. A step counts as begun from the moment that it was registered, whether it acted or not.
 */
export function notNeeded(plan: RecoveryPlan, begun: ReadonlySet<string>): ReadonlyMap<string, StepState> {
  const anyBegun = (ids: readonly string[]): boolean => ids.some((id) => begun.has(id));
  const idle = plan.rollback.filter((step) => !anyBegun(step.compensates) || anyBegun(step.unless));
  return new Map(idle.map(({ id }) => [id, { id, status: 'not-needed' }]));
}

/**
 * Epoch of the group after a rollback: the new one as soon as anything at a site was begun on its behalf. What failed may have
 * taken effect all the same, and a group with a lower epoch than a fence could not replicate any more. A traffic record carries
 * the new one in any case, to outrank late duplicates: before the fence, workloads go on with the old epoch all the same.
 */
export function epochAfterRollback(plan: RecoveryPlan, stateOf: (id: string) => StepState | undefined): number {
  const idle: ReadonlySet<string | undefined> = new Set(['pending', 'not-needed', undefined]);
  const raised = plan.rollback.some(
    (step) =>
      step.record === undefined && step.input.epoch === plan.epochs.rollback && !idle.has(stateOf(step.id)?.status),
  );
  return raised ? plan.epochs.rollback : plan.epochs.from;
}
