import { patched } from '@temporalio/workflow';
import type { RunRef, Verification } from '../activities/contract';
import type { PlanStep, RecoveryPlan } from '../core/model/plan';
import type { StepState } from '../core/model/run';
import { traitsOf } from '../core/model/step-kinds';
import { builtUpon } from '../core/running/still-done';
import { stepContextOf, verifyAtSite, type StepContext } from './perform-step';
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
  return look(stepContextOf(target.run, plan, target.run.runId), [step]).then(([seen]) => seen ?? NOTHING_SEEN);
}

/** Of one activity at most: each step travels with what it acts on. */
const LOOK_AT_ONCE = 50;

/**
 * What an earlier run has done and is not so any more, a sentence each: the run that continues it would build upon it.
 * Never rejects: what cannot be looked at is not so.
 */
export async function undoneSince(
  context: StepContext,
  plan: RecoveryPlan,
  known: ReadonlyMap<string, StepState>,
): Promise<readonly string[]> {
  const steps = builtUpon(plan, known);
  const sites = [...new Set(steps.map(({ site }) => site))];
  const chunks = sites.flatMap((site) => chunked(steps.filter((step) => step.site === site)));
  const seen = await Promise.all(chunks.map((chunk) => look(context, chunk)));
  return chunks.flatMap((chunk, at) =>
    chunk.flatMap((step, index) => {
      const { done, saw } = seen[at]?.[index] ?? NOTHING_SEEN;
      return done ? [] : [`${step.id}: ${saw}`];
    }),
  );
}

const NOTHING_SEEN: Verification = { done: false, saw: 'nothing was seen' };

const chunked = (steps: readonly PlanStep[]): readonly (readonly PlanStep[])[] =>
  Array.from({ length: Math.ceil(steps.length / LOOK_AT_ONCE) }, (_, index) =>
    steps.slice(index * LOOK_AT_ONCE, (index + 1) * LOOK_AT_ONCE),
  );

const look = (context: StepContext, steps: readonly PlanStep[]): Promise<readonly Verification[]> =>
  verifyAtSite(context, steps).catch((error: unknown) => {
    const { code, message } = stepErrorOf(error);
    return steps.map(() => ({ done: false, saw: `it could not be looked at: ${code}: ${message}` }));
  });
