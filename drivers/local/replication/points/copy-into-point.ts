import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  futimesSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { cloneFile } from '../clone-file';
import type { Pacer } from '../pacer';
import { largeFileBytes } from '../staged-file';
import { readOnlyFlags } from '../tree/open-flags';
import { settledChangeTime } from '../tree/evidence';
import { forFs, forPeople, type RawPath } from '../tree/raw-path';
import { entryOf, orVanished, type TreeEntry } from '../tree/scan-tree';
import { contentHash } from '../tree/tree-digest';
import { settableTime } from '../volume/apply-operations';
import type { ManifestEntry } from './point-manifest';

export interface FileToCopy {
  readonly from: RawPath;
  readonly to: RawPath;
  readonly entry: TreeEntry;
}

/** A copy as long as the file is at this moment. Undefined: the file is gone. */
export async function copyIntoPoint(file: FileToCopy, pacer: Pacer): Promise<ManifestEntry | undefined> {
  const fd = orVanished(file.from, () => openSync(forFs(file.from), readOnlyFlags));
  if (fd === undefined) return undefined;
  try {
    const lookedAt = Date.now();
    const now = entryOf(file.entry.path, fstatSync(fd));
    if (now.kind !== 'file') return undefined;
    await copyContent(fd, file, { now, pacer });
    const sha256 = await contentHash(file.to, pacer);
    return { ...now, ctimeMs: settledChangeTime(now.ctimeMs, lookedAt), ...(sha256 !== undefined && { sha256 }) };
  } finally {
    closeSync(fd);
  }
}

/** Small files in one go: a first point may be of many thousands. */
async function copyContent(fd: number, { from, to }: FileToCopy, work: CopyWork): Promise<void> {
  const cloned = work.now.size >= largeFileBytes && (await cloneFile(from, forFs(to)));
  const target = openSync(forFs(to), cloned ? constants.O_RDWR : 'wx', 0o600);
  try {
    if (!cloned) await copyChunks(fd, target, work);
    ftruncateSync(target, work.now.size);
    // Nobody is to write in a point; the mode that the file had is in the manifest.
    fchmodSync(target, 0o444);
    const time = settableTime(work.now.mtimeMs);
    futimesSync(target, time, time);
  } finally {
    closeSync(target);
  }
}

interface CopyWork {
  readonly now: TreeEntry;
  readonly pacer: Pacer;
}

async function copyChunks(fd: number, target: number, { now, pacer }: CopyWork): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(largeFileBytes, now.size));
  for (let at = 0; at < now.size;) {
    const progress = { doing: `copying ${forPeople(now.path)}`, done: at, total: now.size, unit: 'bytes' as const };
    if (pacer.due) await pacer.breathe(progress);
    const length = readSync(fd, buffer, 0, Math.min(buffer.length, now.size - at), at);
    if (length === 0) break;
    for (let written = 0; written < length;)
      written += writeSync(target, buffer, written, length - written, at + written);
    at += length;
  }
}
