import type { Connection } from '@temporalio/client';
import { CONTROL_TASK_QUEUE } from '../core/model/names';
import { createClient } from '../temporal/create-client';

/** Calls in flight at most. */
const AT_ONCE = 20;

/**
 * Temporal first offers the work of a run to the worker that had it last, and only then to the others. Of a worker that was
 * killed it waits in vain, and the run and the group that it holds each do so once more. A worker that starts makes all runs
 * forget whom they had: where another worker still has a run in its memory, that one reads its history once more.
 */
export async function resetStickyQueues(connection: Connection, namespace: string): Promise<void> {
  const { workflow } = await createClient(connection, namespace);
  const query = `TaskQueue = "${CONTROL_TASK_QUEUE}" AND ExecutionStatus = "Running"`;
  const calls = new Set<Promise<unknown>>();
  for await (const { workflowId, runId } of workflow.list({ query })) {
    // A run may have ended since: nothing waits for it then.
    const call = connection.workflowService
      .resetStickyTaskQueue({ namespace, execution: { workflowId, runId } })
      .catch(() => undefined)
      .finally(() => calls.delete(call));
    calls.add(call);
    if (calls.size >= AT_ONCE) await Promise.race(calls);
  }
  await Promise.all(calls);
}
