import { SwitchbackFailure } from '../../../core/model/failure';
import type { WorkloadObservation } from '../../../core/model/workload';
import type { Journal } from '../journal';
import { record, staleEpoch, title, type Attempt } from './attempt';
import { currentMark, mainProcess, readInstances, type InstanceEntry, type Sighting } from './instance';
import { observeWorkload } from './observe';
import { identityOf, readProcessTable, type ProcessIdentity } from './process-table';
import { signalProcess } from './signal-process';
import { waitUntilUp } from './wait-until-up';

/**
 * What a start makes of processes that are there already. An instance of the same epoch counts as started; undefined: look
 * again. `found` must have been looked at after `journal` was read.
 */
export async function settleRunning(
  attempt: Attempt,
  journal: Journal<InstanceEntry>,
  found: readonly Sighting[],
): Promise<WorkloadObservation | undefined> {
  // Each process is recorded before it exists, so the one of a start that has just been recorded is no stray.
  if ((await readInstances(attempt.place)).seq !== journal.seq) return undefined;
  assertSameEpoch(attempt, found);
  const mark = currentMark(journal.entries);
  // Spawned by an attempt that had already lost its turn, and was killed before it could end its process.
  for (const stray of found) if (stray.mark !== mark) signalProcess(stray, 'SIGKILL');
  const kept = found.filter((process) => process.mark === mark);
  if (kept.length === 0) return undefined;
  const main = mainProcess(kept);
  if (main === undefined) {
    throw startFailed(attempt, `its main process has ended, but pid ${kept[0]?.pid} of it still runs; stop it first`);
  }
  if (journal.last?.kind !== 'starting') return confirmUp(attempt, main);
  // What a killed attempt began: the process is there, only its record is missing.
  await record(attempt, { kind: 'running', mark: main.mark ?? '', process: identityOf(main) }, journal.seq);
  return undefined;
}

function assertSameEpoch(attempt: Attempt, found: readonly Sighting[]): void {
  const { epoch } = attempt.mutation;
  const highest = Math.max(...found.map((process) => process.epoch ?? 0));
  if (highest > epoch) throw staleEpoch(attempt, highest);
  const older = found.find((process) => process.epoch !== epoch);
  if (older === undefined) return;
  const which = `an instance of epoch ${older.epoch ?? 'unknown'} (pid ${older.pid})`;
  throw startFailed(attempt, `${which} still runs; stop it first`);
}

/** Waits until it is up. Undefined: it is gone, though it was up for a moment. */
export async function confirmUp(
  attempt: Attempt,
  process: ProcessIdentity,
  logOffset?: number,
): Promise<WorkloadObservation | undefined> {
  const outcome = await waitUntilUp(attempt, process, logOffset);
  if (outcome.kind === 'ended') {
    const { seq } = await readInstances(attempt.place);
    await record(attempt, { kind: 'ended' }, seq);
    throw startFailed(attempt, outcome.saw);
  }
  const seen = await observeWorkload(attempt.place, attempt.spec, readProcessTable());
  return seen.status === 'running' ? seen : undefined;
}

export function startFailed(attempt: Attempt, saw: string): SwitchbackFailure {
  return new SwitchbackFailure('StartFailed', `${title(attempt)} could not be started: ${saw}`, {
    workload: attempt.place.workload,
    site: attempt.place.folder.site.name,
  });
}
