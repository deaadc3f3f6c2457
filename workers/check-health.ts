import os from 'node:os';
import { Connection } from '@temporalio/client';
import { recordableText } from '../activities/recordable';
import { CONTROL_TASK_QUEUE, siteTaskQueue } from '../core/model/names';
import { connectionSettings } from './connection-settings';
import { readSettings } from './settings';

/**
 * The health check of a worker's container: exit code 0 when a worker of this host has polled its task queue lately. A process
 * that lives and has lost the server is not healthy, and does not notice itself.
 */
const deadlineMilliseconds = 10_000;
/** A poll waits a minute for work. */
const pollMilliseconds = 75_000;
const activityTasks = 2;

async function main(): Promise<void> {
  const { control, sites = [] } = readSettings(process.env, process.cwd());
  const [site] = sites;
  const queue = control || site === undefined ? CONTROL_TASK_QUEUE : siteTaskQueue(site);
  const { connectionOptions, namespace } = connectionSettings();
  const connection = await Connection.connect(connectionOptions);
  try {
    const { pollers } = await connection.withDeadline(Date.now() + deadlineMilliseconds, () =>
      connection.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: queue },
        taskQueueType: activityTasks,
      }),
    );
    const lately = (pollers ?? []).filter(
      ({ lastAccessTime }) => Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1000 < pollMilliseconds,
    );
    if (!lately.some(({ identity }) => identity?.endsWith(`@${os.hostname()}`))) {
      throw new Error(`no worker of ${os.hostname()} polls "${queue}"`);
    }
  } finally {
    await connection.close();
  }
}

main().catch((error: unknown) => {
  // What the server says is kept by whatever runs the container.
  process.stderr.write(`${recordableText(error instanceof Error ? error.message : String(error))}\n`);
  process.exitCode = 1;
});
