import type { FailurePolicy } from '../model/failure-policy';
import { policyOf } from '../model/operation-policy';
import type { PlanStep, RecoveryPlan } from '../model/plan';
import { traitsOf } from '../model/step-kinds';

export type FailureAnswer = 'ask' | 'retry' | 'rollback' | 'continue';

/** Policy of the runbook for a step of the plan. What a hook or manual step says of itself goes before what its phase says. */
export function policyFor({ runbook, operation, segments }: RecoveryPlan, step: PlanStep): FailurePolicy {
  const { onFailure, failurePolicy = {} } = policyOf(runbook, operation);
  const phase = segments.find(({ id }) => id === step.segment)?.phase;
  const own = phase === undefined || phase === 'gates' ? undefined : failurePolicy[phase];
  const policy = own ?? { retries: 0, everySeconds: 0, then: onFailure };
  return step.input.onFailure === undefined ? policy : { ...policy, then: step.input.onFailure };
}

/**
 * What follows when the step has failed for the `failures`th time. What guards data or fencing is never left out by itself,
 * and once the commit step was begun nothing leads back: then a person is asked.
 */
export function answerTo(
  { retries, then }: FailurePolicy,
  { step, failures, committing }: { readonly step: PlanStep; readonly failures: number; readonly committing: boolean },
): FailureAnswer {
  if (failures <= retries) return 'retry';
  if (then === 'rollback') return committing ? 'ask' : 'rollback';
  if (then === 'continue') return traitsOf(step.kind).guards ? 'ask' : 'continue';
  return 'ask';
}
