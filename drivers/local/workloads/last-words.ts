import { open } from 'node:fs/promises';
import { logFile, type InstancePlace } from './instance';

const logTailBytes = 2_048;

/** What a process that ended at once wrote to its log, from that offset on; of much only the end. */
export async function lastWords(place: InstancePlace, from: number): Promise<string> {
  const handle = await open(logFile(place), 'r');
  try {
    const { size } = await handle.stat();
    const start = Math.max(Math.min(from, size), size - logTailBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    const text = buffer.toString('utf8', 0, bytesRead).trim();
    return text === ''
      ? 'it ended at once and wrote nothing to its log'
      : `it ended at once; its log ends with:\n${text}`;
  } finally {
    await handle.close();
  }
}
