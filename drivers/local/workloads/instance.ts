import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import { readJournal, type Journal } from '../journal';
import type { SiteFolder } from '../site-folder';
import { isAlive, type ProcessIdentity, type ProcessRow, type ProcessTable } from './process-table';

/**
 * Journal of one workload at one site. A start writes `starting` before the process exists and `running` after; the process
 * carries the mark of its start in its environment, so that it is found again even when the worker dies between the two.
 */
export type InstanceEntry = StartingEntry | RunningEntry | StoppingEntry | EndedEntry | StoppedEntry;

interface EntryBase {
  readonly epoch: number;
  readonly operationKey: string;
  readonly at: string;
}
export interface StartingEntry extends EntryBase {
  readonly kind: 'starting';
  readonly mark: string;
  /** Who is about to start it. */
  readonly starter: ProcessIdentity;
}
export interface RunningEntry extends EntryBase {
  readonly kind: 'running';
  readonly mark: string;
  readonly process: ProcessIdentity;
}
/** A stop has begun: a start that had not finished has lost. */
interface StoppingEntry extends EntryBase {
  readonly kind: 'stopping';
}
/** The start found that the process ended by itself, or could not be run at all. */
interface EndedEntry extends EntryBase {
  readonly kind: 'ended';
}
interface StoppedEntry extends EntryBase {
  readonly kind: 'stopped';
}

/** One workload of one group at one site. */
export interface InstancePlace {
  readonly folder: SiteFolder;
  readonly group: string;
  readonly workload: string;
}

/** A live process of a workload. */
export interface Sighting extends ProcessRow {
  /** Absent when its environment does not say. */
  readonly epoch: number | undefined;
  readonly mark: string | undefined;
}

export const markVariable = 'SWITCHBACK_INSTANCE';

export function instanceJournalFile(place: InstancePlace): string {
  return path.join(place.folder.workloadFolder(place.group, place.workload), 'instances.json');
}

export function logFile(place: InstancePlace): string {
  return path.join(place.folder.workloadFolder(place.group, place.workload), 'output.log');
}

export async function readInstances(place: InstancePlace): Promise<Journal<InstanceEntry>> {
  return readJournal<InstanceEntry>(instanceJournalFile(place));
}

/** "<which workload where>:<epoch>:<which start>". The first part is the same for every start of the workload at the site. */
export function newMark(place: InstancePlace, epoch: number): string {
  return `${markPrefix(place)}${epoch}:${randomUUID()}`;
}

function markPrefix({ folder, group, workload }: InstancePlace): string {
  const name = JSON.stringify([folder.root, group, workload]);
  return `${createHash('sha256').update(name).digest('hex').slice(0, 24)}:`;
}

/** The newest record of one of these kinds. */
export function latest<K extends InstanceEntry['kind']>(
  entries: readonly InstanceEntry[],
  ...kinds: readonly K[]
): Extract<InstanceEntry, { kind: K }> | undefined {
  const wanted = (entry: InstanceEntry): entry is Extract<InstanceEntry, { kind: K }> =>
    (kinds as readonly string[]).includes(entry.kind);
  return entries.filter(wanted).at(-1);
}

/** The recorded process, when it is still that one. */
export function recordedProcess(entries: readonly InstanceEntry[], table: ProcessTable): Sighting | undefined {
  const entry = latest(entries, 'running');
  if (entry === undefined || !isAlive(table, entry.process)) return undefined;
  const row = table.find(entry.process.pid);
  return row && { ...row, epoch: entry.epoch, mark: entry.mark };
}

/**
 * Every live process of the workload, recorded or not: the recorded one, those of its process group, and all that carry the
 * mark of the workload in their environment.
 */
export function findProcesses(
  place: InstancePlace,
  entries: readonly InstanceEntry[],
  table: ProcessTable,
): readonly Sighting[] {
  const running = latest(entries, 'running');
  const pattern = new RegExp(`${markVariable}=(${markPrefix(place)}(\\d+):[0-9a-f-]+)`);
  return table.all().flatMap((row): Sighting[] => {
    const [, mark, epoch] = pattern.exec(table.environment(row.pid)) ?? [];
    if (mark !== undefined) return [{ ...row, mark, epoch: Number(epoch) }];
    if (running === undefined || !belongsTo(row, running, table)) return [];
    return [{ ...row, mark: running.mark, epoch: running.epoch }];
  });
}

/** Which start counts: the one that was recorded last. */
export function currentMark(entries: readonly InstanceEntry[]): string | undefined {
  return latest(entries, 'starting', 'running')?.mark;
}

/** The one that was spawned, not what it has started itself; undefined when only such are left. */
export function mainProcess(found: readonly Sighting[]): Sighting | undefined {
  return found.find((process) => process.pid === process.processGroup);
}

/** A member of the group that the recorded process leads or led; not of a later group that got the same number. */
function belongsTo(row: ProcessRow, { process: leader }: RunningEntry, table: ProcessTable): boolean {
  if (row.bootId !== leader.bootId || row.processGroup !== leader.pid) return false;
  const holder = table.find(leader.pid);
  return holder === undefined
    ? !(Number(row.startTime) < Number(leader.startTime))
    : holder.startTime === leader.startTime;
}
