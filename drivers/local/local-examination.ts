import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import type { SiteExamination, VolumePlaceSeen, WorkloadParts } from '../../core/model/examination';
import type { VolumeSpec } from '../../core/model/volume';
import type { WorkloadSpec } from '../../core/model/workload';
import type { ExaminationDriver } from '../examination-port';
import { SiteFolder } from './site-folder';

export interface LocalExaminationOptions {
  /** Folder that the folders of the sites are relative to. */
  readonly labFolder: string;
  /** Relative programs and scripts of runbooks are looked up here. */
  readonly runbookFolder: string;
}

/** Contract: drivers/examination-port.ts. */
export const createLocalExamination = ({ labFolder, runbookFolder }: LocalExaminationOptions): ExaminationDriver => ({
  examine: async ({ site, group, workloads, volumes }): Promise<SiteExamination> => {
    if (site.driver !== 'local') return { workloads: [], volumes: [], credentials: [], unknown: [] };
    const folder = new SiteFolder(labFolder, site);
    return {
      workloads: await Promise.all(workloads.map(async (workload) => programsOf(workload, runbookFolder))),
      volumes: (await Promise.all(volumes.map(async (volume) => placeOf(folder, group, volume)))).flat(),
      credentials: [],
      unknown: [],
    };
  },
});

async function programsOf({ name, local }: WorkloadSpec, runbookFolder: string): Promise<WorkloadParts> {
  const missing: string[] = [];
  const [program = '', ...args] = local?.command ?? [];
  if (program !== '' && !(await canRun(program, runbookFolder))) missing.push(`program ${program}`);
  for (const script of args.filter(isScript)) {
    if (!(await isThere(path.resolve(runbookFolder, script)))) missing.push(`script ${script}`);
  }
  return { workload: name, images: {}, missing };
}

/** Any other word may mean anything to the program. */
const isScript = (word: string): boolean => /^[^-].*\.(?:[cm]?js|[cm]?ts|sh|py)$/.test(word);

/** As a start looks it up: "node" is that of the worker, then the runbook's folder, then PATH. */
async function canRun(program: string, runbookFolder: string): Promise<boolean> {
  if (program === 'node') return true;
  const folders = program.includes('/') ? [] : (process.env['PATH'] ?? '').split(path.delimiter);
  for (const folder of [runbookFolder, ...folders]) {
    const file = path.resolve(folder, program);
    const runs = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return true;
  }
  return false;
}

/** A volume that was never there is made when it is needed. */
async function placeOf(folder: SiteFolder, group: string, { name }: VolumeSpec): Promise<readonly VolumePlaceSeen[]> {
  if (!(await isThere(folder.volumeFolder(group, name)))) return [];
  const data = folder.volumeData(group, name);
  return [{ volume: name, place: `folder ${data}`, ...((await isThere(data)) && { there: {} }) }];
}

const isThere = async (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );
