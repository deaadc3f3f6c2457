import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { CallContext } from '../ports';

export interface VolumeReader {
  /** Real path of the volume's content. */
  readonly root: string;
  readonly signal: AbortSignal;
  readonly progress: CallContext['progress'];
}

export interface Fault {
  readonly kind: 'fault';
  readonly because: string;
}

export type Hashed = { readonly kind: 'hashed'; readonly sha256: string; readonly bytes: number } | Fault;

const chunkBytes = 1 << 20;

export async function hashFile(reader: VolumeReader, file: string): Promise<Hashed> {
  const handle = await openInside(reader, file);
  if ('because' in handle) return handle;
  try {
    reader.progress({ doing: `reading ${file}` });
    const hash = createHash('sha256');
    const buffer = Buffer.alloc(chunkBytes);
    let bytes = 0;
    for (;;) {
      // One chunk keeps the event loop busy for two milliseconds; between two of them everybody else has a turn.
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes);
      reader.signal.throwIfAborted();
      if (bytesRead === 0) return { kind: 'hashed', sha256: hash.digest('hex'), bytes };
      hash.update(buffer.subarray(0, bytesRead));
      bytes += bytesRead;
      if (bytes % (64 * chunkBytes) === 0) reader.progress({ doing: `reading ${file}`, done: bytes, unit: 'bytes' });
    }
  } finally {
    await handle.close();
  }
}

/** Opens a regular file of the volume; a link may lead to another place in it, but not out of it. */
export async function openInside({ root }: VolumeReader, file: string): Promise<FileHandle | Fault> {
  const real = await realpath(path.join(root, file)).catch(() => undefined);
  if (real === undefined) return { kind: 'fault', because: `${file} is not there` };
  if (!real.startsWith(root + path.sep)) return { kind: 'fault', because: `${file} leads out of the volume` };
  // NOFOLLOW: it may have become a link since. NONBLOCK: opening a pipe would wait for a writer.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(real, flags).catch(String);
  if (typeof handle === 'string') return { kind: 'fault', because: `${file} cannot be read` };
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  return { kind: 'fault', because: `${file} is not a regular file` };
}
