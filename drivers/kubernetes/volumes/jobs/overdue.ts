import type { MoverTask } from './mover-job';
import type { PodResult } from './pod-result';
import { readJob } from './start-task';

/** A pod whose time is over is told to end by the cluster, and removed, which is no reason by itself: its Job has that. */
export async function orOverdue(task: MoverTask, result: PodResult): Promise<PodResult> {
  if (result.succeeded || result.values['failed'] !== undefined) return result;
  const job = await readJob(task).catch(() => undefined);
  if (job?.status?.conditions?.some(({ reason }) => reason === 'DeadlineExceeded') !== true) return result;
  const { timeoutSeconds } = task.place.settings;
  const reason = `it was not done within ${timeoutSeconds} s, the timeout of the volume; the next pass goes on with what was copied`;
  return { ...result, reason };
}
