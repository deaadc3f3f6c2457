import { existsSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SwitchbackFailure } from '../../../core/model/failure';
import { bundlesIn, type NodePlace } from './node-place';

const controlGroups = '/sys/fs/cgroup';
/** Where the runtime puts the group of each container, those of all nodes side by side. */
const parent = 'k8s.io';
const goneWithinMs = 10_000;

/** How many run on a node, sandboxes counted. */
export function containersOn(place: NodePlace): number {
  return idsOn(place).filter((id) => processesOf([id]).size > 0).length;
}

/**
 * SIGKILL to every process of every container, whoever its parent is by now, then removes their control groups. The group tells for
 * sure which container a process belongs to; a process id that was noted some time ago does not.
 */
export async function endContainers(place: NodePlace): Promise<void> {
  const ids = idsOn(place);
  const since = performance.now();
  for (let left = processesOf(ids); left.size > 0; left = processesOf(ids)) {
    if (performance.now() - since > goneWithinMs)
      throw new SwitchbackFailure('LabIncomplete', `pid ${[...left].join(', ')} of containers did not end`);
    left.forEach(kill);
    await pause(20);
  }
  ids.flatMap(groupsOf).forEach(remove);
  // Of the last node; there may be others.
  hierarchies().forEach((folder) => remove(path.join(folder, parent)));
}

/** The runtime keeps a folder for each container that it has not removed. */
const idsOn = (place: NodePlace): readonly string[] =>
  subfolders(bundlesIn(place)).map((folder) => path.basename(folder));

const processesOf = (ids: readonly string[]): ReadonlySet<number> =>
  new Set(ids.flatMap(groupsOf).flatMap(processesIn));

/** Deepest first, as they have to be removed. */
function groupsOf(id: string): readonly string[] {
  const folders = hierarchies().map((folder) => path.join(folder, parent, id));
  return folders.filter((folder) => existsSync(folder)).flatMap(withDescendants);
}

/** One, or with version 1 of control groups one for each controller. */
const hierarchies = (): readonly string[] => [controlGroups, ...subfolders(controlGroups)];

const withDescendants = (folder: string): readonly string[] => [...subfolders(folder).flatMap(withDescendants), folder];

function subfolders(folder: string): readonly string[] {
  return orNone(() =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => path.join(folder, name)),
  );
}

function processesIn(group: string): readonly number[] {
  const lines = orNone(() => readFileSync(path.join(group, 'cgroup.procs'), 'utf8').split('\n'));
  return lines.filter((line) => line !== '').map(Number);
}

/** What is looked at may go meanwhile. */
function orNone<Item>(look: () => readonly Item[]): readonly Item[] {
  try {
    return look();
  } catch {
    return [];
  }
}

/** A group with processes or groups in it stays. */
function remove(group: string): void {
  try {
    rmdirSync(group);
  } catch {
    // It is not there, or not empty.
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
