import type { Attempt } from './attempt';
import { lastWords } from './last-words';
import { pause } from './pause';
import { probePort } from './port-probe';
import { isAlive, readProcessTable, type ProcessIdentity } from './process-table';

/** A process without an open port counts as running after this time. Health could not have passed before the port opens. */
const survivedMs = 1_500;

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
