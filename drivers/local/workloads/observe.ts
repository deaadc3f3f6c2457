import type { WorkloadObservation, WorkloadSpec } from '../../../core/model/workload';
import type { Journal } from '../journal';
import {
  findProcesses,
  mainProcess,
  readInstances,
  recordedProcess,
  type InstanceEntry,
  type InstancePlace,
  type Sighting,
} from './instance';
import { probePort } from './port-probe';
import { isAlive, type ProcessTable } from './process-table';

/**
 * A worker that is killed between asking for a process and getting it leaves a child that for a moment carries no mark yet.
 * Within this time after a `starting` record nobody may conclude that there is no process.
 */
export const settleMs = 250;

/** Looks at one workload: its record, its processes, its port. What does not fit together is `unknown`, never `stopped`. */
export async function observeWorkload(
  place: InstancePlace,
  spec: WorkloadSpec,
  table: ProcessTable,
): Promise<WorkloadObservation> {
  const unknown = (saw: string): WorkloadObservation => observation(place, { status: 'unknown', replicas: 0, saw });
  if (spec.local === undefined) return unknown('the runbook declares no local process for it');
  const journal = await readInstances(place).catch(String);
  if (typeof journal === 'string') return unknown(`its record cannot be read: ${journal}`);

  const { address } = place.folder.site;
  const port = await probePort(address, spec.local.port);
  const all = findUnlessRecorded(place, journal.entries, table);
  const found = mainProcess(all);
  if (found === undefined && all[0] !== undefined) {
    return unknown(`its main process has ended, but pid ${all[0].pid} of it still runs`);
  }
  if (found !== undefined) {
    const answers = port === 'open' ? `answers on ${address}:${spec.local.port}` : `port ${spec.local.port} is ${port}`;
    const suspended = found.suspended ? ', suspended' : '';
    const saw = `pid ${found.pid} (started ${startedAt(journal, found.mark)}${suspended}) ${answers}`;
    if (found.epoch === undefined) return unknown(`${saw}, but of no known epoch`);
    return observation(place, { status: 'running', epoch: found.epoch, replicas: 1, saw });
  }
  if (startInProgress(journal, table)) return unknown('a start of it is in progress');
  if (port === 'closed') return observation(place, { status: 'stopped', replicas: 0, saw: stoppedText(place, spec) });
  return unknown(`port ${address}:${spec.local.port} is ${port}, though no process of the workload is known`);
}

/** Looking at all processes of the machine costs more, and is needed only when the recorded one is gone. */
function findUnlessRecorded(
  place: InstancePlace,
  entries: readonly InstanceEntry[],
  table: ProcessTable,
): readonly Sighting[] {
  const recorded = recordedProcess(entries, table);
  return recorded === undefined ? findProcesses(place, entries, table) : [recorded];
}

/** True while a start may still bring up a process that nobody can see yet. */
export function startInProgress({ last }: Journal<InstanceEntry>, table: ProcessTable): boolean {
  if (last?.kind !== 'starting') return false;
  return isAlive(table, last.starter) || Date.now() - Date.parse(last.at) < settleMs;
}

export function stoppedObservation(place: InstancePlace, spec: WorkloadSpec): WorkloadObservation {
  return observation(place, { status: 'stopped', replicas: 0, saw: stoppedText(place, spec) });
}

function stoppedText({ folder }: InstancePlace, spec: WorkloadSpec): string {
  return `no process, and port ${folder.site.address}:${spec.local?.port} refuses connections`;
}

type Seen = Pick<WorkloadObservation, 'status' | 'epoch' | 'replicas' | 'saw'>;

function observation(place: InstancePlace, seen: Seen): WorkloadObservation {
  return { workload: place.workload, site: place.folder.site.name, ...seen };
}

function startedAt({ entries }: Journal<InstanceEntry>, mark: string | undefined): string {
  const entry = entries.filter((candidate) => 'mark' in candidate && candidate.mark === mark).at(-1);
  return entry?.at.slice(11, 19) ?? 'at an unrecorded time';
}
