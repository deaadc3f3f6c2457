import { closeSync, fchmodSync, fchownSync, fstatSync, fsync, futimesSync } from 'node:fs';
import { promisify } from 'node:util';
import { keepsOwners } from './ownership';
import type { Pass } from './pass-state';
import type { Evidence } from './tree/evidence';
import type { TreeEntry } from './tree/scan-tree';
import { settableTime } from './volume/apply-operations';
import type { StagedFile } from './volume/attempt';

/** Files from this size on are compared and sent by blocks. */
export const largeFileBytes = 1 << 20;

/** What came of looking into one file. */
export type StagedOutcome =
  | { readonly kind: 'vanished' }
  /** The target has that content already. */
  | { readonly kind: 'same'; readonly source: TreeEntry; readonly evidence: Evidence }
  | {
      readonly kind: 'staged';
      readonly slot: string;
      readonly source: TreeEntry;
      readonly evidence: Evidence;
      /** Bytes that came from the source. */
      readonly sent: number;
      /** Complete lines of the staged file; counted only for the marker file. */
      readonly lines?: number;
    };

export interface OpenSource {
  readonly fd: number;
  /** As it was when it was opened, which is before its content was read. */
  readonly source: TreeEntry;
  readonly base: TreeEntry | undefined;
}

export function stagedFile(source: TreeEntry, slot: string, sha256?: string): StagedFile {
  const { path, size, mtimeMs, ctimeMs, ino } = source;
  return { path, slot, size, mtimeMs, ctimeMs, ino, ...(sha256 !== undefined && { sha256 }) };
}

export function isCopyOf(staged: StagedFile | undefined, source: TreeEntry): staged is StagedFile {
  return (
    staged !== undefined &&
    staged.size === source.size &&
    staged.mtimeMs === source.mtimeMs &&
    staged.ctimeMs === source.ctimeMs &&
    staged.ino === source.ino
  );
}

/** Owner, mode and time through the open file: its mode may forbid to open it again. */
export function finishFile(fd: number, source: TreeEntry): number {
  if (keepsOwners) fchownSync(fd, source.uid, source.gid);
  fchmodSync(fd, source.mode);
  const time = settableTime(source.mtimeMs);
  futimesSync(fd, time, time);
  return fstatSync(fd).ino;
}

const fsyncFile = promisify(fsync);

/** Several at a time: the disk then needs one flush for all of them. */
export async function syncStaged(pass: Pass): Promise<void> {
  const files = pass.unsynced.splice(0);
  try {
    await Promise.all(files.map((fd) => fsyncFile(fd)));
  } finally {
    for (const fd of files) closeSync(fd);
  }
}
