import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { SwitchbackFailure } from '../../../../core/model/failure';
import type { Pacer } from '../pacer';
import type { Evidence } from './evidence';
import { forFs, forPeople, isAscii, under, type RawPath } from './raw-path';

/** other: sockets, pipes, devices. They are never copied. */
export type EntryKind = 'file' | 'dir' | 'link' | 'other';

export interface TreeEntry {
  /** Relative to the root of the tree; "" is the root itself. */
  readonly path: RawPath;
  readonly kind: EntryKind;
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
  /** Text of a symbolic link, when already known. */
  readonly link?: RawPath;
  /** Of a file of the source: why the target is known to have the same content, mode and time. Set during a pass. */
  proof: Evidence | undefined;
}

/** Everything below a folder, parents before their children. Empty when the folder does not exist. */
export type Tree = Map<RawPath, TreeEntry>;

/** `settle` looks at each file; those for which it answers true are left out. */
export async function scanTree(
  root: RawPath,
  pacer: Pacer,
  settle: (file: TreeEntry) => boolean = () => false,
): Promise<Tree> {
  const tree: Tree = new Map();
  const top = look(forFs(root), '');
  if (top === undefined) return tree;
  tree.set('', top);
  const open: RawPath[] = [''];
  let seen = 0;
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const full = under(root, folder);
    const ascii = isAscii(full);
    for (const name of namesIn(full)) {
      const child = `${full}/${name}`;
      const path = folder === '' ? name : `${folder}/${name}`;
      const entry = look(ascii && isAscii(name) ? child : Buffer.from(child, 'latin1'), path);
      seen += 1;
      // The clock is asked now and then: there may be a million files.
      if (seen % 16 === 0 && pacer.due) await pacer.breathe({ doing: 'comparing', done: seen, unit: 'files' });
      if (entry === undefined || (entry.kind === 'file' && settle(entry))) continue;
      tree.set(entry.path, entry);
      if (entry.kind === 'dir') open.push(entry.path);
    }
  }
  return tree;
}

export function entryOf(path: RawPath, stats: Stats): TreeEntry {
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'dir' : stats.isSymbolicLink() ? 'link' : 'other';
  const { uid, gid, size, mtimeMs, ctimeMs, ino } = stats;
  return { path, kind, mode: stats.mode & 0o7777, uid, gid, size, mtimeMs, ctimeMs, ino, proof: undefined };
}

/** Files, links and the bytes of the files. */
export function sizeOfTree(tree: Tree): { readonly files: number; readonly bytes: number } {
  let files = 0;
  let bytes = 0;
  for (const entry of tree.values()) {
    if (entry.kind === 'file') bytes += entry.size;
    if (entry.kind === 'file' || entry.kind === 'link') files += 1;
  }
  return { files, bytes };
}

function look(full: string | Buffer, path: RawPath): TreeEntry | undefined {
  return orVanished(path, () => entryOf(path, lstatSync(full)));
}

function namesIn(folder: RawPath): readonly string[] {
  return orVanished(folder, () => readdirSync(forFs(folder), 'latin1')) ?? [];
}

/** A running workload removes and replaces things while they are looked at: what is gone counts as never seen. */
export function orVanished<T>(path: RawPath, action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (isVanished(error)) return undefined;
    throw new SwitchbackFailure(
      'SyncInterrupted',
      `cannot read "${forPeople(path)}": ${(error as Error).message}`,
      {},
      { cause: error },
    );
  }
}

/** ELOOP: opened without following, and it is a symbolic link by now. ENXIO: it is a socket by now. */
export function isVanished(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes(code);
}
