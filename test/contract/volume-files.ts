import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { FileToWrite, Tree, TreeEntry } from './replication-fixture';

/** In place, as a workload writes. */
export async function writeFiles(folder: string, files: readonly FileToWrite[]): Promise<void> {
  for (const { path: name, content, mode, modifiedMs } of files) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    if (mode !== undefined) chmodSync(file, mode);
    if (modifiedMs !== undefined) utimesSync(file, modifiedMs / 1000, modifiedMs / 1000);
  }
}

/** Without what is kept in the folders of the root that are named. */
export function treeOf(root: string, leftOut: readonly string[] = []): Tree {
  const tree: Record<string, TreeEntry> = {};
  const visit = (relative: string): void => {
    const full = path.join(root, relative);
    const stats = lstatSync(full);
    if (stats.isSymbolicLink()) tree[relative] = { link: readlinkSync(full) };
    if (stats.isFile()) {
      const modifiedMs = Math.round(stats.mtimeMs * 1000) / 1000;
      tree[relative] = { content: readFileSync(full, 'utf8'), mode: stats.mode & 0o777, modifiedMs };
    }
    if (!stats.isDirectory() || leftOut.includes(relative)) return;
    for (const name of readdirSync(full)) visit(path.join(relative, name));
  };
  if (existsSync(root)) visit('');
  return tree;
}
