import { statSync } from 'node:fs';
import type { WorkloadStanding } from '../../../core/model/standing';
import type { VolumeSpec } from '../../../core/model/volume';
import { forFs } from '../replication/tree/raw-path';
import { openVolume } from '../replication/volume/open-volume';
import { volumeFolder } from '../replication/volume/volume-record';
import { findProcesses, mainProcess, readInstances, recordedProcess, type InstancePlace } from './instance';
import { strangerAtPort } from './port-holder';
import { readProcessTable } from './process-table';

export interface LookedAt {
  readonly place: InstancePlace;
  readonly port: number;
  readonly volumes: readonly VolumeSpec[];
  readonly epoch: number;
}

/** Contract: drivers/standing-port.ts. Its one process runs, holds its port itself, and each volume was claimed for it. */
export async function standingOf({ place, port, volumes, epoch }: LookedAt): Promise<WorkloadStanding> {
  const { entries } = await readInstances(place);
  const table = readProcessTable();
  const main = recordedProcess(entries, table) ?? mainProcess(findProcesses(place, entries, table));
  if (main === undefined) return { lacks: ['no process of it runs'], incarnation: '', saw: 'no process of it runs' };
  const isOurs = () => new Set(findProcesses(place, entries, table).map(({ pid }) => pid));
  const stranger = strangerAtPort({ address: place.folder.site.address, port, main: main.pid, ours: isOurs });
  const looks = await Promise.all(volumes.map(async ({ name }) => missingOf(place, name, epoch)));
  const lacks = [
    ...(main.suspended ? [`pid ${main.pid} is suspended`] : []),
    ...(stranger === undefined ? [] : [stranger]),
    ...looks.flatMap((missing) => missing ?? []),
  ];
  const whole = volumes.map(({ name }) => `, volume ${name} is claimed for it`).join('');
  return {
    lacks,
    incarnation: `${main.bootId} ${main.pid} ${main.startTime}`,
    saw: `pid ${main.pid} runs${lacks.length === 0 ? whole : ''}`,
  };
}

/** A start makes the folder of a volume that is not there, so that the process finds an empty one. */
async function missingOf({ folder, group }: InstancePlace, name: string, epoch: number): Promise<string | undefined> {
  const volume = volumeFolder(folder, group, name);
  const record = await openVolume(volume);
  if (record.role === 'replica') return `volume ${name} is a replica that nobody has claimed for it`;
  if (record.epoch > epoch)
    return `volume ${name} belongs to epoch ${record.epoch}, and the workload to epoch ${epoch}`;
  if (statSync(forFs(volume.data), { throwIfNoEntry: false })?.isDirectory() === true) return undefined;
  return `volume ${name} is not there: ${folder.volumeData(group, name)} is no folder`;
}
