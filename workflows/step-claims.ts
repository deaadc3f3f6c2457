import { patched } from '@temporalio/workflow';
import type { RunRef, Verification } from '../activities/contract';
import type { RecoveryPlan } from '../core/model/plan';
import { traitsOf } from '../core/model/step-kinds';
import { stepContextOf, verifyAtSite } from './perform-step';
import { stepErrorOf } from './run-record';

export interface ClaimTarget {
  readonly run: RunRef;
  readonly plan: () => RecoveryPlan | undefined;
}

/**
 * Looks at the site whether a step that a person says is done is done. Undefined when its kind lets nothing be seen; what
 * cannot be looked at now is not done. Never rejects.
 */
export function lookAtClaim(target: ClaimTarget, id: string): Promise<Verification> | undefined {
  const plan = target.plan();
  const step = plan?.steps.find((candidate) => candidate.id === id);
  if (plan === undefined || step === undefined || traitsOf(step.kind).verification === undefined) return undefined;
  // Runs of before this took every claim at once.
  if (!patched('mark-done-verified')) return undefined;
  return verifyAtSite(stepContextOf(target.run, plan, target.run.runId), step).catch((error: unknown) => {
    const { code, message } = stepErrorOf(error);
    return { done: false, saw: `it could not be looked at: ${code}: ${message}` };
  });
}
