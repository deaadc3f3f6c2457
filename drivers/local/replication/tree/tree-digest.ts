import { createHash, webcrypto } from 'node:crypto';
import { closeSync, fstatSync, openSync, readlinkSync, readSync, read as readCallback } from 'node:fs';
import { promisify } from 'node:util';
import type { Pacer } from '../pacer';
import { forFs, forPeople, under, type RawPath } from './raw-path';
import { orVanished, scanTree, type TreeEntry } from './scan-tree';
import { readOnlyFlags } from './open-flags';

const readFd = promisify(readCallback);

/** From this size on a file is hashed by blocks of this size, several at a time. */
const blockBytes = 1 << 20;
const lanes = 4;

/** What a tree holds, one line a path, and the hash over all lines. */
export interface TreeDigest {
  /** SHA-256 over the sorted lines, in hexadecimal. */
  readonly digest: string;
  /** "<kind> <octal mode> <content hash or link text>" by path. */
  readonly lines: ReadonlyMap<RawPath, string>;
  readonly files: number;
  readonly bytes: number;
}

/** Reads everything. Times are left out: they do not say what is in a file. Sockets, pipes and devices are left out, too. */
export async function digestTree(root: RawPath, pacer: Pacer): Promise<TreeDigest> {
  const tree = await scanTree(root, pacer);
  const lines = new Map<RawPath, string>();
  let files = 0;
  let bytes = 0;
  for (const path of [...tree.keys()].sort()) {
    const entry = tree.get(path)!;
    if (pacer.due) await pacer.breathe({ doing: 'proving', done: files, unit: 'files' });
    const content = await contentOf(root, entry, pacer);
    if (content === undefined) continue;
    lines.set(path, `${entry.kind} ${entry.mode.toString(8)} ${content}`);
    if (entry.kind === 'dir') continue;
    files += 1;
    if (entry.kind === 'file') bytes += entry.size;
  }
  const hash = createHash('sha256');
  for (const [path, line] of lines) hash.update(`${path}\0${line}\n`, 'latin1');
  return { digest: hash.digest('hex'), lines, files, bytes };
}

/** Paths that are not the same in both, as people write them. */
export function differences(a: TreeDigest, b: TreeDigest): readonly string[] {
  const paths = new Set([...a.lines.keys(), ...b.lines.keys()]);
  return [...paths].filter((path) => a.lines.get(path) !== b.lines.get(path)).map(forPeople);
}

async function contentOf(root: RawPath, entry: TreeEntry, pacer: Pacer): Promise<string | undefined> {
  const full = under(root, entry.path);
  if (entry.kind === 'dir') return '';
  if (entry.kind === 'other') return undefined;
  if (entry.kind === 'link') return orVanished(full, () => readlinkSync(forFs(full), 'latin1'));
  return contentHash(full, pacer);
}

/**
 * SHA-256 of a file under 1 MiB; of a larger one the SHA-256 over the SHA-256 of each of its blocks of 1 MiB.
 * Undefined when there is no such file.
 */
export async function contentHash(full: RawPath, pacer: Pacer): Promise<string | undefined> {
  const fd = orVanished(full, () => openSync(forFs(full), readOnlyFlags));
  if (fd === undefined) return undefined;
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) return undefined;
    return stats.size < blockBytes
      ? hashSmall(fd, stats.size)
      : await hashBlocks({ fd, size: stats.size, full }, pacer);
  } finally {
    closeSync(fd);
  }
}

function hashSmall(fd: number, size: number): string {
  const buffer = Buffer.allocUnsafe(size);
  let at = 0;
  for (let read = -1; at < size && read !== 0; at += read) read = readSync(fd, buffer, at, size - at, at);
  return createHash('sha256').update(buffer.subarray(0, at)).digest('hex');
}

/** Reading and hashing both run outside of this thread, so that all cores take part. */
async function hashBlocks(file: { fd: number; size: number; full: RawPath }, pacer: Pacer): Promise<string> {
  const count = Math.ceil(file.size / blockBytes);
  const hashes = new Array<Buffer>(count);
  let next = 0;
  const lane = async (): Promise<void> => {
    const buffer = Buffer.allocUnsafe(blockBytes);
    while (next < count) {
      const block = next++;
      const progress = { doing: `proving ${forPeople(file.full)}`, done: block * blockBytes, total: file.size };
      if (pacer.due) await pacer.breathe({ ...progress, unit: 'bytes' });
      const wanted = Math.min(blockBytes, file.size - block * blockBytes);
      const length = await readBlock(file.fd, buffer, { wanted, position: block * blockBytes });
      hashes[block] = Buffer.from(await webcrypto.subtle.digest('SHA-256', buffer.subarray(0, length)));
    }
  };
  const results = await Promise.allSettled(Array.from({ length: Math.min(lanes, count) }, lane));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return createHash('sha256').update(Buffer.concat(hashes)).digest('hex');
}

async function readBlock(fd: number, buffer: Buffer, part: { wanted: number; position: number }): Promise<number> {
  let at = 0;
  while (at < part.wanted) {
    const { bytesRead } = await readFd(fd, buffer, at, part.wanted - at, part.position + at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return at;
}
