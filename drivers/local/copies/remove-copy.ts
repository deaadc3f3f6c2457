import { rm } from 'node:fs/promises';
import path from 'node:path';
import { assertIsCopy, runOf } from '../../../core/model/drill';
import { SwitchbackFailure } from '../../../core/model/failure';
import type { CallContext, Mutation, RemovedCopy } from '../../ports';
import { namesIn } from '../names-in';
import type { SiteFolder } from '../site-folder';
import { findProcesses, readInstances, type InstancePlace } from '../workloads/instance';
import { startInProgress } from '../workloads/observe';
import { pause } from '../workloads/pause';
import { readProcessTable } from '../workloads/process-table';
import { signalProcess } from '../workloads/signal-process';
import { readMarker, removeMarker, writeMarker } from './copy-marker';

/** How long the kernel may take to end a killed process. */
const killedWithinMs = 5_000;

/** WorkloadDriver.prepareCopy */
export async function prepareCopy(folder: SiteFolder, mutation: Mutation, context: CallContext): Promise<RemovedCopy> {
  const { group } = mutation;
  assertIsCopy(group);
  folder.assertReachable();
  const run = runOf(mutation.operationKey);
  if (readMarker(folder, group)?.run === run) return { removed: [] };
  const removed = await clear(folder, group, context);
  await writeMarker(folder, group, { run });
  return { removed };
}

/** WorkloadDriver.removeCopy */
export async function removeCopy(folder: SiteFolder, mutation: Mutation, context: CallContext): Promise<RemovedCopy> {
  const { group } = mutation;
  assertIsCopy(group);
  folder.assertReachable();
  if (readMarker(folder, group)?.run !== runOf(mutation.operationKey)) return { removed: [] };
  return { removed: await clear(folder, group, context) };
}

/** The marker goes last: what a killed worker leaves half removed is removed by the next attempt. */
async function clear(folder: SiteFolder, group: string, context: CallContext): Promise<readonly string[]> {
  const marker = readMarker(folder, group);
  // Nothing may be started any more before what runs is ended.
  if (marker !== undefined) await writeMarker(folder, group, { ...marker, closing: true });
  const root = folder.groupFolder(group);
  const workloads = namesIn(path.join(root, 'workloads'));
  const volumes = namesIn(path.join(root, 'volumes'));
  for (const workload of workloads) await endProcesses({ folder, group, workload }, context);
  for (const name of namesIn(root).filter((file) => file !== 'copy.json')) {
    context.signal.throwIfAborted();
    context.progress({ doing: `removing ${name} of the copy` });
    await rm(path.join(root, name), { recursive: true, force: true });
  }
  await removeMarker(folder, group);
  await rm(root, { recursive: true, force: true });
  return [...workloads, ...volumes];
}

/** A copy has nothing to write down before it ends: it is killed. */
async function endProcesses(place: InstancePlace, context: CallContext): Promise<void> {
  const since = performance.now();
  for (;;) {
    context.signal.throwIfAborted();
    const journal = await readInstances(place);
    const table = readProcessTable();
    const found = findProcesses(place, journal.entries, table);
    if (found.length === 0 && !startInProgress(journal, table)) return;
    for (const process of found) signalProcess(process, 'SIGKILL');
    context.progress({ doing: `ending ${place.workload} of the copy` });
    if (found.length > 0 && performance.now() - since > killedWithinMs) {
      const pids = found.map(({ pid }) => pid).join(', ');
      throw new SwitchbackFailure('StopFailed', `${place.workload} of the copy still runs: pid ${pids}`, {
        workload: place.workload,
      });
    }
    await pause(10, context.signal);
  }
}
