import { ApplicationFailure } from '@temporalio/workflow';
import type { Holder, ProtectionState } from '../core/model/protection';
import { movedAway } from '../core/running/protection-rules';
import { groupUpdateShapes, problemsOf } from '../core/running/protection-shapes';

/** Options of an update's handler: one of another shape is refused before it comes into the history. */
export const checked = (name: keyof typeof groupUpdateShapes) => ({
  validator: (request: unknown): void => {
    const wrong = problemsOf(groupUpdateShapes[name], request);
    if (wrong !== undefined) throw ApplicationFailure.nonRetryable(`${name}: ${wrong}`, 'InvalidInput');
  },
});

/** Somebody else has it. */
export function busy(group: string, holder: Holder): ApplicationFailure {
  const { operation, workflowId, since } = holder;
  const message = `group "${group}" is held by ${operation} ${workflowId} since ${since}`;
  return ApplicationFailure.nonRetryable(message, 'GroupBusy', holder);
}

/** Why the group cannot go on with what that run left, or undefined. */
export function notResumable(
  state: ProtectionState,
  resumeOf: { readonly workflowId: string; readonly runId: string },
): string | undefined {
  const { incomplete, group, phase, moved } = state;
  if (moved) return movedAway(state, moved);
  if (incomplete?.runId === resumeOf.runId) return undefined;
  const what = incomplete
    ? `it can continue ${incomplete.workflowId} (run ${incomplete.runId}) only`
    : `it is ${phase}`;
  return `group "${group}" cannot continue ${resumeOf.workflowId}: ${what}`;
}
