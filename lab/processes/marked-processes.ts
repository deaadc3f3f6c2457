import { setTimeout as pause } from 'node:timers/promises';
import { SwitchbackFailure } from '../../core/model/failure';
import { readProcessTable, type ProcessRow } from '../../drivers/local/workloads/process-table';
import { signalProcess } from '../../drivers/local/workloads/signal-process';

const marker = 'SWITCHBACK_LAB_PART';
const goneWithinMs = 10_000;

/**
 * In the environment of every program of a part of the lab, a cluster or Route 53, and of those that it starts in turn, but for what
 * runs in containers: so they are found by the folder of that part, after a crash too.
 */
export const markOf = (folder: string): Readonly<Record<string, string>> => ({ [marker]: folder });

/** With the environment of this process. */
export const mark = (folder: string): NodeJS.ProcessEnv => ({ ...process.env, ...markOf(folder) });

export function markedProcesses(folder: string): readonly ProcessRow[] {
  const table = readProcessTable();
  return table.all().filter(({ pid }) => {
    const variables = ` ${table.environment(pid).replaceAll(/[\0\n]/g, ' ')} `;
    return variables.includes(` ${marker}=${folder} `);
  });
}

/** SIGKILL to each, until none is left; returns how many there were. */
export async function endMarkedProcesses(folder: string): Promise<number> {
  const since = performance.now();
  const ended = new Set<number>();
  for (;;) {
    const rows = markedProcesses(folder);
    if (rows.length === 0) return ended.size;
    if (performance.now() - since > goneWithinMs) {
      const left = rows.map(({ pid }) => pid).join(', ');
      throw new SwitchbackFailure('LabIncomplete', `pid ${left} did not end; end it by hand, then run down again`);
    }
    for (const row of rows) if (signalProcess(row, 'SIGKILL')) ended.add(row.pid);
    await pause(20);
  }
}
