import { createHash } from 'node:crypto';
import { closeSync, fstatSync, linkSync, openSync, readSync, writeSync } from 'node:fs';
import { countLines } from './count-records';
import { failpoint } from './failpoint';
import type { Pass } from './pass-state';
import { stageLargeFile } from './stage-large-file';
import {
  finishFile,
  isCopyOf,
  largeFileBytes,
  stagedFile,
  syncStaged,
  type OpenSource,
  type StagedOutcome,
} from './staged-file';
import { readOnlyFlags } from './tree/open-flags';
import { evidence, settledChangeTime, stagedTarget } from './tree/evidence';
import { forFs, under, type RawPath } from './tree/raw-path';
import { entryOf, orVanished, type TreeEntry } from './tree/scan-tree';
import { recordStaged } from './volume/attempt';

const vanished: StagedOutcome = { kind: 'vanished' };

/**
 * Compares the content of a file of the source with the target's, and stages it when it differs.
 * The file is taken as long as it is at this moment: what a running workload appends meanwhile belongs to the next pass.
 */
export async function stageFile(pass: Pass, found: TreeEntry, target: TreeEntry | undefined): Promise<StagedOutcome> {
  await pass.verifySource?.(found);
  const fd = orVanished(found.path, () => openSync(forFs(under(pass.source.data, found.path)), readOnlyFlags));
  if (fd === undefined) return vanished;
  try {
    const lookedAt = Date.now();
    const now = entryOf(found.path, fstatSync(fd));
    if (now.kind !== 'file') return vanished;
    const source = { ...(pass.metadataFromEntry ? found : now), ctimeMs: settledChangeTime(now.ctimeMs, lookedAt) };
    const base = target?.kind === 'file' ? target : undefined;
    if (now.size >= largeFileBytes) return await stageLargeFile(pass, { fd, source, base });
    return await stageSmallFile(pass, { fd, source, base });
  } finally {
    closeSync(fd);
  }
}

async function stageSmallFile(pass: Pass, { fd, source, base }: OpenSource): Promise<StagedOutcome> {
  const content = readWhole(fd, source.size);
  if (base !== undefined && base.size === content.length && sameContent(under(pass.target.data, base.path), content)) {
    return { kind: 'same', source, evidence: evidence(source, base) };
  }
  const lines = pass.isMarker(source.path) ? { lines: countLines(content) } : {};
  const sha256 = createHash('sha256').update(content).digest('hex');
  const slot = pass.nextSlot();
  const adopted = adopt(pass, { source, sha256, slot });
  const ino = adopted ?? (await writeSlot(pass, slot, { source, content }));
  if (source.ctimeMs > 0 && adopted === undefined) recordStaged(pass.attempt, stagedFile(source, slot, sha256));
  failpoint('replication:file-staged');
  const known = evidence(source, stagedTarget(source.mtimeMs, ino));
  return { kind: 'staged', slot, source, evidence: known, sent: adopted === undefined ? content.length : 0, ...lines };
}

/** Takes over what an interrupted attempt has staged of the same content. Answers the inode. */
function adopt(pass: Pass, wanted: { source: TreeEntry; sha256: string; slot: string }): number | undefined {
  const staged = pass.earlier.get(wanted.source.path);
  if (!isCopyOf(staged, wanted.source) || staged.sha256 !== wanted.sha256) return undefined;
  return orVanished(staged.slot, () => {
    const fd = openSync(forFs(staged.slot), readOnlyFlags);
    try {
      const stats = fstatSync(fd);
      const sha256 = createHash('sha256').update(readWhole(fd, stats.size)).digest('hex');
      if (sha256 !== wanted.sha256) return undefined;
      linkSync(forFs(staged.slot), forFs(`${pass.attempt.files}/${wanted.slot}`));
      if (pass.durable) pass.unsynced.push(openSync(forFs(staged.slot), readOnlyFlags));
      return stats.ino;
    } finally {
      closeSync(fd);
    }
  });
}

async function writeSlot(
  pass: Pass,
  slot: string,
  { source, content }: { readonly source: TreeEntry; readonly content: Buffer },
): Promise<number> {
  const fd = openSync(forFs(`${pass.attempt.files}/${slot}`), 'wx', 0o600);
  let written = 0;
  while (written < content.length) written += writeSync(fd, content, written);
  const ino = finishFile(fd, source);
  if (!pass.durable) {
    closeSync(fd);
    return ino;
  }
  pass.unsynced.push(fd);
  if (pass.unsynced.length >= 16) await syncStaged(pass);
  return ino;
}

function sameContent(file: RawPath, content: Buffer): boolean {
  const same = orVanished(file, () => {
    const fd = openSync(forFs(file), readOnlyFlags);
    try {
      return readWhole(fd, content.length + 1).equals(content);
    } finally {
      closeSync(fd);
    }
  });
  return same === true;
}

/** At most that many bytes; fewer when the file ends before. */
function readWhole(fd: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  let at = 0;
  while (at < length) {
    const read = readSync(fd, buffer, at, length - at, at);
    if (read === 0) break;
    at += read;
  }
  return buffer.subarray(0, at);
}
