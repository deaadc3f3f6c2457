import type { StepError } from '../model/run';
import type { ProtectionState } from '../model/protection';
import { longestReasonText, mostReasons, type Readiness, type ReadinessReason } from '../model/readiness';
import { adviceOf, type ReasonCode } from '../model/readiness-codes';

/** Failures that say that nothing could be started, and not only that nobody knows. */
const unusable: readonly string[] = ['InvalidRunbook', 'UnknownRunbook'];

export const isUnusable = ({ code }: Pick<StepError, 'code'>): boolean => unusable.includes(code);

/**
 * What is known after an evaluation that came to no end: what was found before still counts, as old as it is, and that nothing newer
 * is known is a reason of its own.
 */
export function evaluationFailed(
  { group, readiness: before }: Pick<ProtectionState, 'group' | 'readiness'>,
  error: StepError,
  now: string,
): Readiness {
  const code: ReasonCode = isUnusable(error) ? 'RunbookUnusable' : 'EvaluationFailed';
  const kept = (before?.reasons ?? []).filter((one) => !ownCodes.includes(one.code));
  const reason: ReadinessReason = {
    code,
    severity: code === 'RunbookUnusable' ? 'error' : 'warning',
    subject: code === 'RunbookUnusable' ? 'runbook' : 'evaluation',
    what: error.message.slice(0, longestReasonText),
    doThis: adviceOf(code, group),
    since: before?.reasons.find((one) => one.code === code)?.since ?? now,
  };
  const reasons = [reason, ...kept].sort((one, other) => rankOf(one) - rankOf(other)).slice(0, mostReasons);
  return {
    evaluatedAt: now,
    tookSeconds: 0,
    ...before,
    state: reasons.some(({ severity }) => severity === 'error') ? 'NotReady' : 'AtRisk',
    reasons,
  };
}

const ownCodes: readonly ReasonCode[] = ['RunbookUnusable', 'EvaluationFailed'];
const rankOf = ({ severity }: ReadinessReason): number => (severity === 'error' ? 0 : 1);

/** The state with what an evaluation has found. One that an operation has overtaken tells of what was before it, and is not kept. */
export function evaluated(state: ProtectionState, readiness: Readiness): ProtectionState {
  if (state.holder !== undefined) return state;
  return { ...state, readiness };
}
