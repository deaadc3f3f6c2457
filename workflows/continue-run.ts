import { ApplicationFailure, patched } from '@temporalio/workflow';
import type { LoadedRunbook } from '../activities/contract';
import { continuedRun } from '../core/running/continued-run';
import { runbookChanges } from '../core/running/runbook-changes';
import type { Course } from './course';
import type { OperationRun } from './operation-run';
import { stepContextOf } from './perform-step';
import { control } from './callers';
import { undoneSince } from './step-claims';

/**
 * The plan of the run that this one continues, and how far it got.
 *
 * @throws ApplicationFailure `PlanChanged` with what has changed since: the runbook, or what the earlier run had done
 */
export async function continuedPlan(
  run: OperationRun,
  loaded: LoadedRunbook,
  resumeOf: NonNullable<OperationRun['input']['resumeOf']>,
): Promise<Course> {
  const { workflowId, runId, acceptChanges } = resumeOf;
  const { plan, events, operationKeyBase } = await control.interruptedRun({ workflowId, runId });
  if (plan.runbookDigest !== loaded.digest) {
    const changes = runbookChanges(plan.runbook, loaded.runbook).join('; ');
    refuse(
      `runbook "${run.input.runbook}" has changed since ${workflowId} (${changes}). Put it back and continue, or start anew with the runbook as it is`,
    );
  }
  const earlier = continuedRun(events);
  // What a rollback has undone is not expected any more, and its own steps look for themselves.
  if (!earlier.rollingBack && acceptChanges === undefined && patched('resume-looks')) {
    const changes = await undoneSince(stepContextOf(run.ref, plan, operationKeyBase), plan, earlier.known);
    if (changes.length > 0) {
      refuse(
        `what ${workflowId} had done is not so any more. ${changes.join('; ')}. Restore it and continue, accept it (--accept-changes), or start anew`,
      );
    }
  }
  run.record.addAll(earlier.events);
  if (earlier.rollingBack) run.control.requestStop({ kind: 'rollback', ...earlier.rollingBack });
  return { plan, known: earlier.known, undone: earlier.undone, keyBase: operationKeyBase };
}

function refuse(because: string): never {
  throw ApplicationFailure.nonRetryable(because.slice(0, 2000), 'PlanChanged');
}
