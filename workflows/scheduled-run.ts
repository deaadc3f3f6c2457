import { defineSearchAttributeKey } from '@temporalio/common';
import { CancellationScope, log, workflowInfo } from '@temporalio/workflow';
import { isFailure, pausedBecause } from '../core/running/schedule-rules';
import { control } from './callers';
import type { OperationResult } from './run-operation';

/** Set by Temporal on what a schedule has started; absent when a person started it. */
const scheduledBy = defineSearchAttributeKey('TemporalScheduledById', 'KEYWORD');

/**
 * A run that may have been started by a schedule. Temporal pauses a schedule by itself only when the workflow fails, and ours
 * completes with a verdict: of one that is a failure the schedule is told here, and pauses if it is one that does.
 */
export async function scheduledRun(run: () => Promise<OperationResult>): Promise<OperationResult> {
  const result = await run();
  const { workflowId, typedSearchAttributes } = workflowInfo();
  const schedule = typedSearchAttributes.get(scheduledBy);
  if (schedule === undefined || !isFailure(result.verdict)) return result;
  try {
    const note = pausedBecause(workflowId, result);
    await CancellationScope.nonCancellable(() => control.pauseSchedule({ schedule, note }));
  } catch (error) {
    // The verdict stands, whatever becomes of the schedule.
    log.warn('the schedule could not be paused', { schedule, error });
  }
  return result;
}
