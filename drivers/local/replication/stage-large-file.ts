import { link, open, rm, type FileHandle } from 'node:fs/promises';
import { closeSync, openSync, read as readCallback } from 'node:fs';
import { promisify } from 'node:util';
import { cloneFile } from './clone-file';
import { countLines } from './count-records';
import { failpoint } from './failpoint';
import type { Pass } from './pass-state';
import { finishFile, isCopyOf, stagedFile, type OpenSource, type StagedOutcome } from './staged-file';
import { evidence, stagedTarget } from './tree/evidence';
import { readOnlyFlags } from './tree/open-flags';
import { forFs, forPeople, under, type RawPath } from './tree/raw-path';
import { isVanished, type TreeEntry } from './tree/scan-tree';
import { recordStaged } from './volume/attempt';

const readFd = promisify(readCallback);

/** What is read and written at once. */
const chunkBytes = 1 << 20;
/** What is sent as a whole when a byte of it differs. */
const blockBytes = 64 << 10;
/** Chunks in flight: enough to keep both cores of a small machine busy with copying. */
const lanes = 4;

const zeros = Buffer.alloc(chunkBytes);

/** The file that the new one is made from: unchanged blocks come from there and not from the source. */
interface Base {
  readonly path: RawPath;
  readonly size: number;
}

interface Copy {
  readonly pass: Pass;
  readonly source: TreeEntry;
  readonly fd: number;
  readonly baseFd: number | undefined;
  readonly base: Base | undefined;
  /** Shrinks when the file turns out to be shorter than it was at the beginning. */
  size: number;
  sent: number;
  lines: number;
}

/** Stages a file of some size, sending only the blocks in which it differs from what the target has. */
export async function stageLargeFile(pass: Pass, opened: OpenSource): Promise<StagedOutcome> {
  const adopted = await adoptLarge(pass, opened);
  if (adopted !== undefined) return adopted;
  const { fd, source, base } = opened;
  const baseFile = base && { path: under(pass.target.data, base.path), size: base.size };
  return withBase(baseFile, async (baseFd) => {
    const copy: Copy = {
      pass,
      source,
      fd,
      baseFd,
      base: baseFd === undefined ? undefined : baseFile,
      ...nothing(source),
    };
    const firstChanged = await firstDifference(copy);
    if (firstChanged === undefined && base !== undefined)
      return { kind: 'same', source, evidence: evidence(source, base) };
    const slot = pass.nextSlot();
    const ino = await writeCopy(copy, slot, firstChanged ?? 0);
    if (source.ctimeMs > 0) recordStaged(pass.attempt, stagedFile(source, slot));
    failpoint('replication:file-staged');
    return stagedOutcome(copy, slot, ino);
  });
}

const nothing = (source: TreeEntry) => ({ size: source.size, sent: 0, lines: 0 });

function stagedOutcome(copy: Copy, slot: string, ino: number): StagedOutcome {
  const { pass, sent } = copy;
  const source = { ...copy.source, size: copy.size };
  const known = evidence(source, stagedTarget(source.mtimeMs, ino));
  const lines = pass.isMarker(source.path) ? { lines: copy.lines } : {};
  return { kind: 'staged', slot, source, evidence: known, sent, ...lines };
}

/** What an interrupted attempt has staged: compared once more, because a power cut may have lost blocks of it. */
async function adoptLarge(pass: Pass, { fd, source }: OpenSource): Promise<StagedOutcome | undefined> {
  const staged = pass.earlier.get(source.path);
  if (!isCopyOf(staged, source)) return undefined;
  return withBase({ path: staged.slot, size: staged.size }, async (baseFd) => {
    if (baseFd === undefined) return undefined;
    const base = { path: staged.slot, size: staged.size };
    const copy: Copy = { pass, source, fd, baseFd, base, ...nothing(source) };
    if ((await firstDifference(copy)) !== undefined) return undefined;
    const slot = pass.nextSlot();
    await link(forFs(staged.slot), forFs(`${pass.attempt.files}/${slot}`));
    const handle = await open(forFs(staged.slot), readOnlyFlags);
    const { ino } = await handle.stat();
    if (pass.durable) await handle.sync();
    await handle.close();
    if (pass.isMarker(source.path)) copy.lines = await pass.counter.count(staged.slot, pass.pacer);
    return stagedOutcome(copy, slot, ino);
  });
}

async function withBase<T>(base: Base | undefined, action: (fd: number | undefined) => Promise<T>): Promise<T> {
  const fd = base && openIfThere(base.path);
  try {
    return await action(fd);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function openIfThere(file: RawPath): number | undefined {
  try {
    return openSync(forFs(file), readOnlyFlags);
  } catch (error) {
    if (isVanished(error)) return undefined;
    throw error;
  }
}

/** Number of the first chunk that differs; undefined when nothing differs. Stops soon after the first difference. */
async function firstDifference(copy: Copy): Promise<number | undefined> {
  const { base, baseFd } = copy;
  if (base === undefined || baseFd === undefined) return 0;
  let first = base.size === copy.size ? undefined : Math.floor(Math.min(base.size, copy.size) / chunkBytes);
  await inLanes(copy, 0, async (chunk, buffers) => {
    if (first !== undefined && chunk > first) return false;
    const [mine, theirs] = await Promise.all([
      readChunk(copy.fd, buffers.source, chunk, copy.size),
      readChunk(baseFd, buffers.base, chunk, base.size),
    ]);
    if (!mine.equals(theirs)) first = Math.min(first ?? chunk, chunk);
    return true;
  });
  return first;
}

async function writeCopy(copy: Copy, slot: string, firstChanged: number): Promise<number> {
  const file = forFs(`${copy.pass.attempt.files}/${slot}`);
  const cloned = copy.base !== undefined && (await cloneFile(copy.base.path, file));
  const out = await open(file, cloned ? 'r+' : 'wx', 0o600);
  try {
    await fill(copy, out, { cloned, firstChanged });
    await out.truncate(copy.size);
    const ino = finishFile(out.fd, copy.source);
    if (copy.pass.durable) await out.sync();
    await out.close();
    return ino;
  } catch (error) {
    await out.close().catch(() => undefined);
    await rm(file, { force: true });
    throw error;
  }
}

interface Filling {
  readonly cloned: boolean;
  readonly firstChanged: number;
}

async function fill(copy: Copy, out: FileHandle, { cloned, firstChanged }: Filling): Promise<void> {
  const { baseFd, base, pass } = copy;
  const counting = pass.isMarker(copy.source.path);
  // Of a marker file whose lines are known, only those of the changed chunks are counted again.
  const known = counting && base !== undefined && base.size <= copy.size ? pass.knownLines : undefined;
  copy.lines = known ?? 0;
  await inLanes(copy, cloned && (!counting || known !== undefined) ? firstChanged : 0, async (chunk, buffers) => {
    const theirs =
      base && baseFd !== undefined
        ? await readChunk(baseFd, buffers.base, chunk, base.size)
        : buffers.base.subarray(0, 0);
    // Before the first change the two are known to be equal: the bytes of the target serve, and the source is not read again.
    const mine = chunk < firstChanged ? theirs : await readChunk(copy.fd, buffers.source, chunk, copy.size);
    if (mine.length < expectedLength(chunk, copy.size))
      copy.size = Math.min(copy.size, chunk * chunkBytes + mine.length);
    const changed = chunk < firstChanged ? 0 : changedBytes(mine, theirs);
    copy.sent += changed;
    if (counting && known === undefined) copy.lines += countLines(mine);
    if (counting && known !== undefined && changed > 0) copy.lines += countLines(mine) - countLines(theirs);
    // A new file reads as zeros where nothing is written, and takes no space there.
    const needless = cloned ? changed === 0 : mine.equals(zeros.subarray(0, mine.length));
    if (!needless) await writeAll(out, mine, chunk * chunkBytes);
    return true;
  });
}

function changedBytes(mine: Buffer, theirs: Buffer): number {
  if (mine.equals(theirs)) return 0;
  let changed = 0;
  for (let at = 0; at < mine.length; at += blockBytes) {
    const block = mine.subarray(at, at + blockBytes);
    if (!block.equals(theirs.subarray(at, at + blockBytes))) changed += block.length;
  }
  return changed;
}

const expectedLength = (chunk: number, size: number): number =>
  Math.max(0, Math.min(chunkBytes, size - chunk * chunkBytes));

async function readChunk(fd: number, buffer: Buffer, chunk: number, size: number): Promise<Buffer> {
  const wanted = expectedLength(chunk, size);
  let at = 0;
  while (at < wanted) {
    const { bytesRead } = await readFd(fd, buffer, at, wanted - at, chunk * chunkBytes + at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return buffer.subarray(0, at);
}

async function writeAll(out: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await out.write(bytes, at, bytes.length - at, position + at);
    at += bytesWritten;
  }
}

type ChunkWork = (chunk: number, buffers: { source: Buffer; base: Buffer }) => Promise<boolean>;

/** Works on the chunks of the file from `first` on, several at a time, until one answers false. */
async function inLanes(copy: Copy, first: number, work: ChunkWork): Promise<void> {
  const chunks = Math.ceil(copy.size / chunkBytes);
  let next = first;
  let going = true;
  const lane = async (): Promise<void> => {
    const buffers = { source: Buffer.allocUnsafe(chunkBytes), base: Buffer.allocUnsafe(chunkBytes) };
    while (going && next < chunks) {
      const chunk = next++;
      if (copy.pass.pacer.due) await copy.pass.pacer.breathe(progressOf(copy, chunk));
      going = (await work(chunk, buffers)) && going;
    }
  };
  const stopping = async (): Promise<void> => {
    await lane().finally(() => (going = false));
  };
  const results = await Promise.allSettled(Array.from({ length: Math.min(lanes, chunks - first) }, stopping));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

const progressOf = (copy: Copy, chunk: number) => ({
  doing: `copying ${forPeople(copy.source.path)}`,
  done: chunk * chunkBytes,
  total: copy.size,
  unit: 'bytes' as const,
});
