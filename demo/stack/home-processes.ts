import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killSiteProcesses } from '../../drivers/local/lab/disaster';
import { readProcessTable, type ProcessRow } from '../../drivers/local/workloads/process-table';
import { signalProcess } from '../../drivers/local/workloads/signal-process';

/** In the environment of every process that was started for a home, so that it is found whoever looks, and nobody else's is. */
export const markVariable = 'SWITCHBACK_PROCESS_OF_HOME';

const markOf = (home: string): string => createHash('sha256').update(path.resolve(home)).digest('hex').slice(0, 24);

/** From now on, what this process starts belongs to the home. */
export function markOwnChildren(home: string): void {
  process.env[markVariable] = markOf(home);
}

/** Server, worker and whatever else carries the mark of the home; the workloads of its sites carry marks of their own. */
export function processesOf(home: string): readonly ProcessRow[] {
  const table = readProcessTable();
  const mark = `${markVariable}=${markOf(home)}`;
  return table.all().filter(({ pid }) => pid !== process.pid && table.environment(pid).includes(mark));
}

/**
 * Ends every process of the home at once, the workloads of its sites included, and returns when all are gone. Everything there
 * is made to be killed at any moment: databases and journals continue where they were.
 */
export async function endProcessesOf(home: string): Promise<void> {
  for (let left = processesOf(home); left.length > 0; left = processesOf(home)) {
    for (const row of left) signalProcess(row, 'SIGKILL');
    await sleep(5);
  }
  const labFolder = path.join(home, 'lab');
  const folders = await readdir(labFolder).catch(() => []);
  for (const name of folders) await killSiteProcesses(labFolder, { driver: 'local', name, folder: name, address: '' });
}
