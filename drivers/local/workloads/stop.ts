import { SwitchbackFailure } from '../../../core/model/failure';
import type { WorkloadObservation } from '../../../core/model/workload';
import { assertEpochAllowed } from '../site-folder';
import { record, staleEpoch, title, type Attempt } from './attempt';
import { failpoint } from './failpoint';
import { findProcesses, readInstances, type InstanceEntry, type Sighting } from './instance';
import { settleMs, stoppedObservation } from './observe';
import { pause } from './pause';
import { probePort } from './port-probe';
import { readProcessTable } from './process-table';
import { signalProcess } from './signal-process';

/** How long the kernel may take to end a killed process and to close its port. */
const killedWithinMs = 5_000;
/** A suspended process cannot react; after this time there is no point in waiting for the rest of its grace. */
const suspendedGraceMs = 200;

/** Contract: drivers/ports.ts. Stopped means: no process of the workload is left, and its port refuses connections. */
export async function stopWorkload(attempt: Attempt): Promise<WorkloadObservation> {
  for (;;) {
    await assertMayStop(attempt);
    const seq = await withdrawStart(attempt);
    if (seq === undefined) continue;
    await endProcesses(attempt);
    await assertPortClosed(attempt);
    failpoint('stop:gone');
    if (await recordStopped(attempt, seq)) return stoppedObservation(attempt.place, attempt.spec);
  }
}

async function assertMayStop({ place, mutation, context }: Attempt): Promise<void> {
  context.signal.throwIfAborted();
  place.folder.assertReachable();
  await assertEpochAllowed(place.folder, place.group, mutation.epoch);
}

/** A worker that was suspended after its stop was done must not end what a rollback has started again since. */
function assertNotUndone(attempt: Attempt, entries: readonly InstanceEntry[]): void {
  const { operationKey } = attempt.mutation;
  const ownStop = entries
    .map((entry) => entry.kind === 'stopped' && entry.operationKey === operationKey)
    .lastIndexOf(true);
  if (ownStop < 0) return;
  const started = entries.slice(ownStop).find((entry) => entry.kind === 'starting');
  if (started === undefined) return;
  const because = `it was stopped by ${operationKey} and has since been started by ${started.operationKey}`;
  throw new SwitchbackFailure('StaleAttempt', `${title(attempt)}: ${because}`, { startedBy: started.operationKey });
}

/** All that runs; `StaleEpoch` when one of them is of a higher epoch than the mutation: then nothing is touched. */
function liveProcesses(attempt: Attempt, entries: readonly InstanceEntry[]): readonly Sighting[] {
  assertNotUndone(attempt, entries);
  const found = findProcesses(attempt.place, entries, readProcessTable());
  const highest = Math.max(...found.map((process) => process.epoch ?? 0));
  if (highest > attempt.mutation.epoch) throw staleEpoch(attempt, highest);
  return found;
}

/**
 * Makes a start that has not finished lose its turn, and waits until what it may have spawned can be seen. Returns the number
 * of the last record; undefined when somebody else's came first.
 */
async function withdrawStart(attempt: Attempt): Promise<number | undefined> {
  const { entries, last, seq } = await readInstances(attempt.place);
  const found = liveProcesses(attempt, entries);
  if (last?.kind === 'starting' && last.epoch > attempt.mutation.epoch) throw staleEpoch(attempt, last.epoch);
  if (last?.kind === 'stopping') return seq;
  if (isIdle(last) && found.length === 0) return seq;
  if (!(await record(attempt, { kind: 'stopping' }, seq))) return undefined;
  failpoint('stop:recorded');
  if (last?.kind === 'starting' && found.length === 0) await pause(settleMs, attempt.context.signal);
  return seq + 1;
}

/** False when anything was recorded since: then what was seen to be gone may be there again. */
async function recordStopped(attempt: Attempt, seen: number): Promise<boolean> {
  const { last, seq } = await readInstances(attempt.place);
  if (seq !== seen) return false;
  return isIdle(last) || record(attempt, { kind: 'stopped' }, seq);
}

function isIdle(last: InstanceEntry | undefined): boolean {
  return last === undefined || last.kind === 'stopped';
}

/** Asks, waits for the grace time, then ends by force. */
async function endProcesses(attempt: Attempt): Promise<void> {
  const since = performance.now();
  const graceMs = attempt.spec.stopGraceSeconds * 1_000;
  const asked = new Set<number>();
  let found: readonly Sighting[] = [];
  for (;;) {
    await assertMayStop(attempt);
    found = stillAlive(found);
    // Looking at all processes of the machine costs more: only when those known are gone.
    if (found.length === 0) found = liveProcesses(attempt, (await readInstances(attempt.place)).entries);
    if (found.length === 0) return;
    const elapsed = performance.now() - since;
    if (elapsed > graceMs + killedWithinMs) throw stillThere(attempt, found);
    for (const process of groupHeads(found)) {
      const patience = process.suspended ? Math.min(graceMs, suspendedGraceMs) : graceMs;
      if (elapsed >= patience) signalProcess(process, 'SIGKILL');
      else if (!asked.has(process.pid)) signalProcess(process, 'SIGTERM');
      asked.add(process.pid);
    }
    failpoint('stop:asked');
    attempt.context.progress({ doing: `waiting for ${attempt.place.workload} to end (pid ${found[0]?.pid})` });
    await pause(elapsed < 200 ? 3 : 20, attempt.context.signal);
  }
}

function stillAlive(found: readonly Sighting[]): readonly Sighting[] {
  const table = readProcessTable();
  return found.flatMap((process) => {
    const row = table.find(process.pid);
    return row?.startTime === process.startTime ? [{ ...process, suspended: row.suspended }] : [];
  });
}

/** Without those that get every signal through the leader of their group: many programs take a second SIGTERM for an order. */
function groupHeads(found: readonly Sighting[]): readonly Sighting[] {
  const pids = new Set(found.map((process) => process.pid));
  return found.filter((process) => process.pid === process.processGroup || !pids.has(process.processGroup));
}

async function assertPortClosed(attempt: Attempt): Promise<void> {
  const { place, local, context } = attempt;
  const { address } = place.folder.site;
  const since = performance.now();
  let port = await probePort(address, local.port);
  while (port !== 'closed' && performance.now() - since < 500) {
    await pause(10, context.signal);
    port = await probePort(address, local.port);
  }
  if (port === 'closed') return;
  throw failure(
    attempt,
    `no process of it is left, but port ${address}:${local.port} is ${port}; find out what holds it`,
  );
}

function stillThere(attempt: Attempt, found: readonly Sighting[]): SwitchbackFailure {
  return failure(attempt, `pid ${found.map((process) => process.pid).join(', ')} did not end, not even by SIGKILL`);
}

function failure(attempt: Attempt, saw: string): SwitchbackFailure {
  return new SwitchbackFailure('StopFailed', `${title(attempt)} could not be proven stopped: ${saw}`, {
    workload: attempt.place.workload,
    site: attempt.place.folder.site.name,
  });
}
