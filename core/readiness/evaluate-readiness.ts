import type { SiteExamination } from '../model/examination';
import { SwitchbackFailure } from '../model/failure';
import type { HookObservation, Observation } from '../model/observation';
import type { Operation } from '../model/operation';
import type { RecoveryPlan } from '../model/plan';
import type { ProtectionState } from '../model/protection';
import { mostUncovered, type Readiness } from '../model/readiness';
import type { Runbook } from '../model/runbook';
import type { SiteRole } from '../model/site';
import type { CompileInput } from '../planning/compile-plan';
import { uncoveredAt } from '../planning/left-behind';
import { effectivePhase, nextEpochs } from '../running/protection-rules';
import { judgeReadiness } from './judge-readiness';
import type { PlanOfWay } from './subject';
import { waysFrom, withoutOpenWindows, type Way } from './ways';

/** What was seen and is known of a group. */
export interface EvaluationInput {
  readonly runbook: Runbook;
  readonly digest: string;
  /** As the group knows it, or as it is established from the observation. */
  readonly state: ProtectionState;
  readonly observation: Observation;
  readonly examinations: Readonly<Partial<Record<SiteRole, SiteExamination>>>;
  /** By operation: what keeps its hooks from running. Absent: it has none. */
  readonly hooks: Readonly<Partial<Record<Operation, HookObservation>>>;
  readonly missingForNotices: readonly string[];
}

export type Compile = (input: CompileInput) => Promise<RecoveryPlan>;

/** Compiles all that is possible next, as it would be started now, and judges what would become of it. Changes nothing. */
export async function evaluateReadiness(
  input: EvaluationInput,
  compile: Compile,
): Promise<Omit<Readiness, 'tookSeconds'>> {
  const { runbook, digest, state } = input;
  const plans: PlanOfWay[] = [];
  // One after the other: of a large runbook each plan is large.
  for (const way of waysFrom(effectivePhase(state), runbook)) plans.push(await planOf(way, input, compile));
  const uncovered = uncoveredAt(runbook, input.observation.sites[state.activeSite])?.slice(0, mostUncovered);
  return { ...judgeReadiness({ ...input, plans }), ...(uncovered && { uncovered }), runbookHash: digest };
}

async function planOf(way: Way, input: EvaluationInput, compile: Compile): Promise<PlanOfWay> {
  const { runbook, digest, observation, state } = input;
  const { operation, mode } = way;
  const hooks = input.hooks[operation];
  try {
    const plan = await compile({
      runbook: withoutOpenWindows(runbook),
      digest,
      operation,
      mode,
      observation: { ...observation, ...(hooks && { hooks }) },
      epochs: nextEpochs(state, operation),
    });
    return { way, plan };
  } catch (error) {
    if (!(error instanceof SwitchbackFailure)) throw error;
    return { way, plan: { refused: error.message } };
  }
}
