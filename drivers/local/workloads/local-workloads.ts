import { SwitchbackFailure } from '../../../core/model/failure';
import type { SiteSpec } from '../../../core/model/site';
import type { WorkloadSpec } from '../../../core/model/workload';
import type { CallContext, Mutation, WorkloadDriver } from '../../ports';
import type { StandingDriver } from '../../standing-port';
import { whileOpen } from '../copies/copy-marker';
import { prepareCopy, removeCopy } from '../copies/remove-copy';
import { SiteFolder } from '../site-folder';
import type { Attempt } from './attempt';
import { readFencing, setFence } from './fence';
import { observeWorkload } from './observe';
import { readProcessTable } from './process-table';
import { checkSiteHealth } from './site-health';
import { tryConnectivity } from './site-connectivity';
import { standingOf } from './standing';
import { startWorkload } from './start';
import { stopWorkload } from './stop';

export interface LocalWorkloadsOptions {
  /** Folder that the folders of the sites are relative to. */
  readonly labFolder: string;
  /** Relative programs and scripts of runbooks are looked up here. */
  readonly runbookFolder: string;
}

/** Workloads as real processes of this machine that outlive the worker. */
export function createLocalWorkloads({
  labFolder,
  runbookFolder,
}: LocalWorkloadsOptions): WorkloadDriver & StandingDriver {
  const folderOf = (site: SiteSpec): SiteFolder => localFolder(labFolder, site);
  const attempt = (site: SiteSpec, spec: WorkloadSpec, mutation: Mutation, context: CallContext): Attempt => {
    const place = { folder: folderOf(site), group: mutation.group, workload: spec.name };
    return { place, spec, local: localProcess(spec), mutation, context };
  };
  const fence = (fencing: 'fenced' | 'unfenced', site: SiteSpec, mutation: Mutation, context: CallContext) => {
    const folder = folderOf(site);
    const into = folder.fenceFile(mutation.group);
    return whileOpen({ folder, into, mutation }, () => setFence(folder, fencing, mutation, context));
  };
  return {
    siteHealth: async (site) => checkSiteHealth(folderOf(site)),
    connectivity: async (from, to) => tryConnectivity(folderOf(from), folderOf(to)),
    inspect: async (site, group, workloads, context) => {
      context.signal.throwIfAborted();
      const folder = folderOf(site);
      folder.assertReachable();
      const table = readProcessTable();
      return Promise.all(
        workloads.map(async (spec) => observeWorkload({ folder, group, workload: spec.name }, spec, table)),
      );
    },
    stop: async (...request) => {
      const stop = attempt(...request);
      const into = stop.place.folder.workloadFolder(stop.place.group, stop.place.workload);
      return whileOpen({ ...stop.place, into, mutation: stop.mutation }, () => stopWorkload(stop));
    },
    start: async (...request) => startWorkload(attempt(...request), runbookFolder),
    fence: async (...request) => fence('fenced', ...request),
    unfence: async (...request) => fence('unfenced', ...request),
    prepareCopy: async (site, mutation, context) => prepareCopy(folderOf(site), mutation, context),
    removeCopy: async (site, mutation, context) => removeCopy(folderOf(site), mutation, context),
    fencing: async (site, group) => readFencing(folderOf(site), group),
    standing: async ({ site, group, workload, volumes, epoch }, context) => {
      context.signal.throwIfAborted();
      const folder = folderOf(site);
      folder.assertReachable();
      const place = { folder, group, workload: workload.name };
      return standingOf({ place, port: localProcess(workload).port, volumes, epoch });
    },
  };
}

function localFolder(labFolder: string, site: SiteSpec): SiteFolder {
  if (site.driver === 'local') return new SiteFolder(labFolder, site);
  const message = `site "${site.name}" is of driver "${site.driver}"; this one serves sites of driver "local"`;
  throw new SwitchbackFailure('DriverMissing', message, { site: site.name });
}

function localProcess(spec: WorkloadSpec): NonNullable<WorkloadSpec['local']> {
  if (spec.local !== undefined && spec.local.command.length > 0) return spec.local;
  const message = `workload "${spec.name}" declares no command; give it \`local: { command: [...], port: ... }\``;
  throw new SwitchbackFailure('InvalidRunbook', message, { workload: spec.name });
}
