import type { CallContext } from '../../../ports';
import { awaitEnd } from './await-task';
import type { MoverTask } from './mover-job';
import type { PodResult } from './pod-result';
import { removeTask } from './remove-tasks';
import { startTask } from './start-task';
import { failureOf } from './task-failure';

/** A task from its Job to its result, which leaves nothing behind. `adopted`: its Job is there already. */
export async function runTask(
  task: MoverTask,
  context: CallContext,
  { adopted }: { readonly adopted: boolean } = { adopted: false },
): Promise<PodResult> {
  try {
    if (!adopted) await startTask(task, { context });
    const result = await awaitEnd(task, context);
    if (!result.succeeded) throw failureOf(task, result);
    return result;
  } finally {
    await removeTask(task).catch(() => undefined);
  }
}
