import { chmodSync, existsSync, lchownSync, lstatSync, lutimesSync, mkdirSync, renameSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { failpoint } from '../failpoint';
import { keepsOwners } from '../ownership';
import type { Pacer } from '../pacer';
import { microseconds } from '../tree/evidence';
import { forFs, parentOf, toRawPath, under, type RawPath } from '../tree/raw-path';
import { entryOf, type TreeEntry } from '../tree/scan-tree';
import { syncFolder } from './sync-folder';

/**
 * One step of a committed change, in the order in which they are carried out:
 * open: lets this process write in a folder; its own mode comes back with `set`.
 * trash: moves what is there, with everything in it, to the attempt's trash.
 * put: moves a prepared file, link or empty folder to its place.
 * set: owner, mode and time of what is there; of folders last, because changes in them move their times.
 */
export type JournalOperation =
  | { readonly do: 'open'; readonly path: RawPath }
  | { readonly do: 'trash'; readonly path: RawPath; readonly slot: string }
  | { readonly do: 'put'; readonly path: RawPath; readonly slot: string }
  | ({ readonly do: 'set'; readonly path: RawPath } & Metadata);

export type Metadata = Pick<TreeEntry, 'kind' | 'mode' | 'uid' | 'gid' | 'mtimeMs'>;

interface Site {
  readonly gate: RawPath;
  readonly files: RawPath;
  readonly trash: RawPath;
}

/** `operations` are JSON texts, parsed one by one: a first pass may have a million. */
export async function applyOperations(
  attempt: string,
  operations: readonly string[],
  how: { readonly durable: boolean; readonly pacer: Pacer },
): Promise<void> {
  const own = toRawPath(attempt);
  const site: Site = { gate: `${own}/gate/.`, files: `${own}/files`, trash: `${own}/trash` };
  // No gate: everything was carried out, and only the publication is missing.
  if (!existsSync(path.join(attempt, 'gate'))) return;
  const folders = new Set<RawPath>();
  for (const text of operations) {
    const operation = JSON.parse(text) as JournalOperation;
    applyOnce(operation, site);
    folders.add(parentOf(operation.path));
    failpoint('replication:operation-applied');
    if (how.pacer.due) await how.pacer.breathe();
  }
  if (how.durable) await syncFolders(folders, site);
}

/** Another worker may carry out the same change at the same time: what it has moved, or the gate it has closed, is gone. */
function applyOnce(operation: JournalOperation, site: Site): void {
  try {
    apply(operation, site);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function apply(operation: JournalOperation, site: Site): void {
  switch (operation.do) {
    case 'open':
      return openFolder(under(site.gate, operation.path));
    case 'trash':
      // When another worker has done this and has already put something else there, the kinds differ (a folder and something
      // that is none) and the rename fails: `trash` is used with a following `put` only for a change of kind.
      return void attemptRename(under(site.gate, operation.path), `${site.trash}/${operation.slot}`);
    case 'put':
      return put(operation, site);
    case 'set':
      return setMetadata(under(site.gate, operation.path), operation);
  }
}

function openFolder(folder: RawPath): void {
  const stats = lstatSync(forFs(folder), { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) chmodSync(forFs(folder), (stats.mode & 0o7777) | 0o700);
}

function put(operation: { readonly path: RawPath; readonly slot: string }, site: Site): void {
  const from = `${site.files}/${operation.slot}`;
  const to = under(site.gate, operation.path);
  if (attemptRename(from, to) || lstatSync(forFs(from), { throwIfNoEntry: false }) === undefined) return;
  // Somebody changed the data by hand since it was compared: make room for what must be there.
  attemptRename(to, `${site.trash}/${operation.slot}-found`);
  makeParents(operation.path, site.gate);
  renameSync(forFs(from), forFs(to));
}

/** One by one: a recursive mkdir would make a folder in place of a gate that another worker has just closed. */
function makeParents(path: RawPath, gate: RawPath): void {
  const names = parentOf(path).split('/');
  names.forEach((_, depth) => {
    const folder = under(gate, names.slice(0, depth + 1).join('/'));
    if (lstatSync(forFs(folder), { throwIfNoEntry: false }) === undefined) mkdirSync(forFs(folder));
  });
}

/** False when there is nothing to rename, or its place is taken by something of another kind. */
function attemptRename(from: RawPath, to: RawPath): boolean {
  try {
    renameSync(forFs(from), forFs(to));
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY', 'EEXIST'].includes(code)) return false;
    throw error;
  }
}

function setMetadata(full: RawPath, wanted: Metadata): void {
  const stats = lstatSync(forFs(full), { throwIfNoEntry: false });
  // Another kind of thing: following a symbolic link would change something outside of the volume.
  if (stats === undefined || entryOf('', stats).kind !== wanted.kind) return;
  writeMetadata(full, wanted);
}

/** Owner first: a change of owner clears the set-user-id bits. */
export function writeMetadata(full: RawPath, wanted: Metadata): void {
  const file = forFs(full);
  if (keepsOwners) lchownSync(forFs(full), wanted.uid, wanted.gid);
  const time = settableTime(wanted.mtimeMs);
  if (wanted.kind === 'link') return lutimesSync(file, time, time);
  chmodSync(file, wanted.mode);
  utimesSync(file, time, time);
}

/** In seconds, such that cutting it off at the microsecond, as Node does, hits the microsecond meant. */
export const settableTime = (mtimeMs: number): number => (microseconds(mtimeMs) + 0.25) / 1e6;

async function syncFolders(folders: ReadonlySet<RawPath>, site: Site): Promise<void> {
  for (const folder of folders) {
    const full = under(site.gate, folder);
    await syncFolder(Buffer.from(full, 'latin1')).catch((error: NodeJS.ErrnoException) => {
      if (!['ENOENT', 'ENOTDIR', 'EACCES'].includes(error.code ?? '')) throw error;
    });
  }
}
