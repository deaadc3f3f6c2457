import { setTimeout as pause } from 'node:timers/promises';
import { isGrpcServiceError, type WorkflowHandle } from '@temporalio/client';
import { RunClient } from '../../activities/run-client';
import { CONTROL_TASK_QUEUE, queries } from '../../core/model/names';
import type { Operation } from '../../core/model/operation';
import type { RunEvent, RunStatus } from '../../core/model/run';
import type { Lab } from '../lab/lab';

/** Starts an operation as a person would, with the name of the runbook: that of the group. */
export const startRun = (
  { client, groups }: Lab,
  operation: Operation,
  group = groups[0] ?? '',
): Promise<WorkflowHandle> =>
  client.workflow.start(operation, {
    taskQueue: CONTROL_TASK_QUEUE,
    workflowId: `${operation}/${group}`,
    args: [{ runbook: group }],
  });

/** Waits for the end of a run, through restarts of the server, and gives what happened in it. @throws when it did not complete */
export async function endOf({ client }: Lab, handle: WorkflowHandle): Promise<readonly RunEvent[]> {
  const { verdict, because } = (await patiently(() => handle.result())) as { verdict: string; because: string };
  if (verdict !== 'completed') throw new Error(`${handle.workflowId} ended with ${verdict}: ${because}`);
  const { runId } = (await handle.describe()) as { runId: string };
  return new RunClient(client.workflow).events({ workflowId: handle.workflowId, runId });
}

/** Waits until the run looks as wanted. */
export async function untilRun(handle: WorkflowHandle, wanted: (status: RunStatus) => boolean): Promise<void> {
  for (;;) {
    const status = await handle.query<RunStatus>(queries.status);
    if (wanted(status)) return;
    if (status.verdict) throw new Error(`${handle.workflowId} has ended: ${status.verdict}: ${status.because ?? ''}`);
    await pause(5);
  }
}

/** A server that was killed is back soon; until then calls fail. */
async function patiently<Result>(call: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isGrpcServiceError(error)) throw error;
      await pause(50);
    }
  }
}
