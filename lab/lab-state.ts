import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { identityOf, isAlive, readProcessTable, type ProcessIdentity } from '../drivers/local/workloads/process-table';

/** What pods run on: nodes that kwok plays, or this machine. */
export const nodeKinds = ['fake', 'real'] as const;
export type NodeKind = (typeof nodeKinds)[number];

export interface ClusterState {
  readonly name: string;
  readonly server: string;
  /** Each process by an identity that nobody gets after it. */
  readonly processes: readonly ProcessIdentity[];
}

/** Route 53 of the lab, or why it has none. */
export type Route53State =
  | {
      readonly kind: 'started';
      /** Of its API: "http://127.0.0.1:5000". */
      readonly endpoint: string;
      /** "127.0.0.1:5353" */
      readonly nameServer: string;
      readonly processes: readonly ProcessIdentity[];
    }
  | { readonly kind: 'missing'; readonly why: string };

/** What `lab up` has started, as `lab status` tells it. */
export interface LabState {
  readonly startedAt: string;
  readonly nodes: NodeKind;
  /** Absent: `up` has not come to its end. */
  readonly started?: { readonly clusters: readonly ClusterState[]; readonly route53: Route53State };
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
