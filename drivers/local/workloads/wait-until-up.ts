import { open } from 'node:fs/promises';
import type { Attempt } from './attempt';
import { logFile, type InstancePlace } from './instance';
import { pause } from './pause';
import { probePort } from './port-probe';
import { isAlive, readProcessTable, type ProcessIdentity } from './process-table';

/** A process without an open port counts as running after this time. Health could not have passed before the port opens. */
const survivedMs = 1_500;
const logTailBytes = 2_048;

export type UpOutcome = { readonly kind: 'up' } | { readonly kind: 'ended'; readonly saw: string };

/** Returns when the port is open, or the process has lived for a while; or says with what last words it ended. */
export async function waitUntilUp(attempt: Attempt, process: ProcessIdentity, logOffset = 0): Promise<UpOutcome> {
  const { place, local, context } = attempt;
  const since = performance.now();
  while (performance.now() - since < survivedMs) {
    place.folder.assertReachable();
    if (!isAlive(readProcessTable(), process)) return { kind: 'ended', saw: await lastWords(place, logOffset) };
    if ((await probePort(place.folder.site.address, local.port)) === 'open') return { kind: 'up' };
    context.progress({ doing: `waiting for ${place.workload} to open port ${local.port}` });
    await pause(4, context.signal);
  }
  return { kind: 'up' };
}

/** The end of what the process wrote to its log. */
async function lastWords(place: InstancePlace, from: number): Promise<string> {
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
