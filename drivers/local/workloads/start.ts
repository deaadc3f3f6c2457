import { SwitchbackFailure } from '../../../core/model/failure';
import type { WorkloadObservation } from '../../../core/model/workload';
import type { Journal } from '../journal';
import { assertCopyOpen } from '../copies/copy-marker';
import { assertNotFenced } from '../site-folder';
import { record, staleEpoch, title, type Attempt } from './attempt';
import { failpoint } from './failpoint';
import { findProcesses, latest, newMark, readInstances, type InstanceEntry } from './instance';
import { launch } from './launch';
import { startInProgress } from './observe';
import { pause } from './pause';
import { probePort } from './port-probe';
import { identityOf, ownIdentity, readProcessTable } from './process-table';
import { confirmUp, settleRunning, startFailed } from './running-instance';
import { signalProcess } from './signal-process';

/** Another attempt that has not got on for this long is taken to be suspended; what it does later does not count. */
const takeoverMs = 2_000;

/**
 * Order of the durable steps, each of which may be the last one that a killed worker does:
 * 1. `starting` is recorded with a mark. Of several attempts one wins the number, the others wait for it or take over.
 * 2. The process is spawned with that mark in its environment, so that it is found whoever looks.
 * 3. `running` is recorded. An attempt that lost its number by now ends the process it spawned.
 */
export async function startWorkload(attempt: Attempt, runbookFolder: string): Promise<WorkloadObservation> {
  let watched = { seq: -1, since: 0 };
  for (;;) {
    attempt.context.signal.throwIfAborted();
    await assertMayStart(attempt);
    const journal = await readInstances(attempt.place);
    if (journal.seq !== watched.seq) watched = { seq: journal.seq, since: performance.now() };

    if (startInProgress(journal, readProcessTable()) && performance.now() - watched.since < takeoverMs) {
      attempt.context.progress({ doing: `waiting for another start of ${attempt.place.workload}` });
      await pause(10, attempt.context.signal);
      continue;
    }
    const found = findProcesses(attempt.place, journal.entries, readProcessTable());
    if (found.length > 0) {
      const running = await settleRunning(attempt, journal, found);
      if (running !== undefined) return running;
      await pause(5, attempt.context.signal);
      continue;
    }
    if (!(await mayBegin(attempt, journal))) continue;
    const started = await spawnRecorded(attempt, journal, runbookFolder);
    if (started !== undefined) return started;
  }
}

async function assertMayStart({ place, mutation }: Attempt): Promise<void> {
  place.folder.assertReachable();
  assertCopyOpen(place.folder, mutation);
  await assertNotFenced(place.folder, place.group, mutation.epoch);
}

/** Refuses what a start must not do to what was there before. False: something has changed meanwhile; look again. */
async function mayBegin(attempt: Attempt, { entries, last, seq }: Journal<InstanceEntry>): Promise<boolean> {
  const { place, local, mutation } = attempt;
  const lastStart = latest(entries, 'starting');
  if (lastStart !== undefined && lastStart.epoch > mutation.epoch) throw staleEpoch(attempt, lastStart.epoch);
  const stoppedLater = last?.kind === 'stopped' && last.operationKey !== mutation.operationKey;
  if (stoppedLater && lastStart?.operationKey === mutation.operationKey) {
    const because = `it was started by ${mutation.operationKey} and has since been stopped by ${last.operationKey}`;
    throw new SwitchbackFailure('StaleAttempt', `${title(attempt)}: ${because}`, { stoppedBy: last.operationKey });
  }
  const port = await probePort(place.folder.site.address, local.port);
  if (port === 'closed') return true;
  if ((await readInstances(place)).seq !== seq) return false;
  throw startFailed(attempt, `port ${place.folder.site.address}:${local.port} is ${port}; something else may hold it`);
}

/** Undefined: another attempt came first. */
async function spawnRecorded(
  attempt: Attempt,
  journal: Journal<InstanceEntry>,
  runbookFolder: string,
): Promise<WorkloadObservation | undefined> {
  const mark = newMark(attempt.place, attempt.mutation.epoch);
  failpoint('start:before-record');
  if (!(await record(attempt, { kind: 'starting', mark, starter: ownIdentity() }, journal.seq))) return undefined;
  failpoint('start:recorded');
  const spawned = await launch(attempt, { mark, runbookFolder, stillOurs: async () => ownsTurn(attempt, mark) });
  if (spawned.kind === 'superseded') return undefined;
  if (spawned.kind === 'failed') {
    await record(attempt, { kind: 'ended' }, journal.seq + 1);
    throw startFailed(attempt, spawned.saw);
  }
  failpoint('start:spawned');
  const entry = { kind: 'running', mark, process: identityOf(spawned.process) } as const;
  if (!(await record(attempt, entry, journal.seq + 1))) {
    // An attempt that continued this one may have adopted the process: then it is the one that counts.
    if (!(await ownsTurn(attempt, mark))) signalProcess(spawned.process, 'SIGKILL');
    return undefined;
  }
  failpoint('start:running');
  return confirmUp(attempt, spawned.process, spawned.logOffset);
}

async function ownsTurn(attempt: Attempt, mark: string): Promise<boolean> {
  await assertMayStart(attempt);
  const { last } = await readInstances(attempt.place);
  return (last?.kind === 'starting' || last?.kind === 'running') && last.mark === mark;
}
