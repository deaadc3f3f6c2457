import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  identityOf,
  isAlive,
  readProcessTable,
  type ProcessIdentity,
} from '../../drivers/local/workloads/process-table';
import { signalProcess } from '../../drivers/local/workloads/signal-process';

/** What `lab up` has started, as `lab down` finds it again. */
export interface LabState {
  readonly startedAt: string;
  readonly clusters: readonly {
    readonly name: string;
    readonly server: string;
    /** Each process by an identity that nobody gets after it. */
    readonly processes: readonly ProcessIdentity[];
  }[];
}

const stateFile = (folder: string): string => path.join(folder, 'lab.json');

/** Undefined: there is no lab in the folder. */
export async function readState(folder: string): Promise<LabState | undefined> {
  const text = await readFile(stateFile(folder), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as LabState);
}

export async function writeState(folder: string, state: LabState): Promise<void> {
  await mkdir(folder, { recursive: true });
  const temporary = `${stateFile(folder)}.new`;
  await writeFile(temporary, `${JSON.stringify(state, null, 2)}\n`);
  await rename(temporary, stateFile(folder));
}

export const forget = async (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

export function identities(pids: readonly number[]): readonly ProcessIdentity[] {
  const table = readProcessTable();
  return pids.flatMap((pid) => {
    const row = table.find(pid);
    return row === undefined ? [] : [identityOf(row)];
  });
}

export const alive = (processes: readonly ProcessIdentity[]): readonly ProcessIdentity[] => {
  const table = readProcessTable();
  return processes.filter((identity) => isAlive(table, identity));
};

/** SIGKILL to each that is still the process it was. */
export function end(processes: readonly ProcessIdentity[]): void {
  const table = readProcessTable();
  for (const { pid } of alive(processes)) {
    const row = table.find(pid);
    if (row !== undefined) signalProcess(row, 'SIGKILL');
  }
}
