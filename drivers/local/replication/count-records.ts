import { open, type FileHandle } from 'node:fs/promises';
import type { Pacer } from './pacer';
import { forFs, type RawPath } from './tree/raw-path';
import { isVanished } from './tree/scan-tree';

const newline = 10;
const chunkBytes = 1 << 20;
const tailBytes = 64;

export function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) lines += 1;
  return lines;
}

interface Counted {
  readonly ino: number;
  readonly bytes: number;
  readonly lines: number;
  /** The last bytes that were counted: still there, then the file was only appended to. */
  readonly tail: Buffer;
}

/** Counts the complete lines of append-only files, and of a file that it has seen before only what was appended. */
export class RecordCounter {
  private readonly counted = new Map<RawPath, Counted>();

  /** 0 when there is no such file. */
  async count(file: RawPath, pacer: Pacer): Promise<number> {
    const handle = await open(forFs(file), 'r').catch((error: unknown) => {
      if (isVanished(error)) return undefined;
      throw error;
    });
    if (handle === undefined) return 0;
    try {
      const next = await this.continueCounting(handle, this.counted.get(file), pacer);
      this.counted.set(file, next);
      return next.lines;
    } finally {
      await handle.close();
    }
  }

  private async continueCounting(handle: FileHandle, before: Counted | undefined, pacer: Pacer): Promise<Counted> {
    const { ino, size } = await handle.stat();
    const appended = before !== undefined && (await onlyAppended(handle, before, { ino, size }));
    let { bytes, lines } = appended ? before : { bytes: 0, lines: 0 };
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(1, size - bytes)));
    while (bytes < size) {
      const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, size - bytes), bytes);
      if (bytesRead === 0) break;
      lines += countLines(buffer.subarray(0, bytesRead));
      bytes += bytesRead;
      if (pacer.due) await pacer.breathe({ doing: 'counting records', done: bytes, total: size, unit: 'bytes' });
    }
    return { ino, bytes, lines, tail: await tailBefore(handle, bytes) };
  }
}

async function onlyAppended(handle: FileHandle, before: Counted, now: { ino: number; size: number }): Promise<boolean> {
  if (before.ino !== now.ino || before.bytes > now.size) return false;
  return before.tail.equals(await tailBefore(handle, before.bytes));
}

async function tailBefore(handle: FileHandle, end: number): Promise<Buffer> {
  const length = Math.min(tailBytes, end);
  const tail = Buffer.alloc(length);
  if (length > 0) await handle.read(tail, 0, length, end - length);
  return tail;
}
