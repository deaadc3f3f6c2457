import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { SwitchbackFailure } from '../../../core/model/failure';
import type { FenceState } from '../../../core/model/workload';
import type { CallContext, Mutation } from '../../ports';
import { appendToJournal, type Journal } from '../journal';
import { assertEpochAllowed, readFenceJournal, type FenceRecord, type SiteFolder } from '../site-folder';
import { findProcesses, readInstances, type Sighting } from './instance';
import { pause } from './pause';
import { readProcessTable } from './process-table';
import { signalProcess } from './signal-process';

/** A process that is busy for longer without a single pause is not trusted to look at the fence. */
const asleepWithinMs = 1_000;

/**
 * Sets the fence of a group at a site to the epoch of the mutation.
 *
 * A workload makes a write durable first, then looks at the fence, and then acknowledges. So whatever is acknowledged was on
 * disk before the fence was, and is in every copy made after this returns.
 * - Never lowered: a record counts only when it follows the one that its writer had read (journal.ts).
 * - A process of a lower epoch may have looked already and be about to acknowledge. So each is seen asleep once, after which
 *   it has to look again; one that is suspended, or is never seen asleep, is ended.
 * - A quarantine that appears during the call is left in place: the call was made for a site that had not been cut off yet.
 */
export async function setFence(
  folder: SiteFolder,
  fencing: FenceRecord['fencing'],
  mutation: Mutation,
  context: CallContext,
): Promise<FenceState> {
  const { group, epoch, operationKey } = mutation;
  let before: Journal<FenceRecord> | undefined;
  for (;;) {
    context.signal.throwIfAborted();
    folder.assertReachable();
    await assertEpochAllowed(folder, group, epoch);
    const journal = await readFenceJournal(folder, group);
    if (before !== undefined && cutOffSince(before, journal)) throw cutOff(folder, group);
    before ??= journal;
    const { last } = journal;
    const done = last?.epoch === epoch && last.fencing === fencing && last.quarantined !== true;
    const next: FenceRecord = { epoch, fencing, operationKey, at: new Date().toISOString() };
    if (!done && !(await appendToJournal(folder.fenceFile(group), next, journal.seq))) continue;
    await awaitObedience(folder, mutation, context);
    return describeFence(folder, done ? last : next);
  }
}

export async function readFencing(folder: SiteFolder, group: string): Promise<FenceState> {
  if (!folder.reachable) return unconfirmed(folder, 'the site does not answer');
  const journal = await readFenceJournal(folder, group).catch(String);
  return typeof journal === 'string' ? unconfirmed(folder, journal) : describeFence(folder, journal.last);
}

function unconfirmed({ site }: SiteFolder, saw: string): FenceState {
  return { site: site.name, fencing: 'unconfirmed', saw };
}

function describeFence({ site }: SiteFolder, record: FenceRecord | undefined): FenceState {
  if (record === undefined) return { site: site.name, fencing: 'unfenced', epoch: 0, saw: 'no fence was ever set' };
  const { epoch, operationKey, at } = record;
  if (record.quarantined === true) {
    const saw = `quarantined since ${at}: the site came back after it was cut off; nothing may write before it is fenced anew`;
    return { site: site.name, fencing: 'fenced', epoch, saw };
  }
  const saw = `epoch ${epoch} and higher may write, set by ${operationKey} at ${at}`;
  return { site: site.name, fencing: record.fencing, epoch, saw };
}

function cutOffSince(before: Journal<FenceRecord>, now: Journal<FenceRecord>): boolean {
  return now.entries.slice(before.seq).some((record) => record.quarantined === true);
}

function cutOff({ site }: SiteFolder, group: string): SwitchbackFailure {
  const message = `site "${site.name}" was cut off and came back while the fence of group "${group}" was being set`;
  return new SwitchbackFailure('SiteUnreachable', message, { site: site.name });
}

async function awaitObedience(folder: SiteFolder, { group, epoch }: Mutation, context: CallContext): Promise<void> {
  const workloads = await readdir(path.join(folder.groupFolder(group), 'workloads')).catch((): string[] => []);
  const table = readProcessTable();
  let pending: readonly Sighting[] = [];
  for (const workload of workloads) {
    const place = { folder, group, workload };
    const found = findProcesses(place, (await readInstances(place)).entries, table);
    pending = [...pending, ...found.filter((process) => (process.epoch ?? 0) < epoch)];
  }
  const since = performance.now();
  for (;;) {
    pending = stillInDoubt(pending, performance.now() - since > asleepWithinMs);
    if (pending.length === 0) return;
    await pause(1, context.signal);
  }
}

/** Those that are neither gone nor asleep; the suspended ones, and at last all, are ended. */
function stillInDoubt(pending: readonly Sighting[], late: boolean): readonly Sighting[] {
  const table = readProcessTable();
  return pending.filter((process) => {
    const row = table.find(process.pid);
    if (row?.startTime !== process.startTime || row.waiting) return false;
    if (row.suspended || late) signalProcess(row, 'SIGKILL');
    return true;
  });
}
