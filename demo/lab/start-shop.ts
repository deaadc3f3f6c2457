import { mkdir } from 'node:fs/promises';
import { SwitchbackFailure } from '../../core/model/failure';
import type { Runbook } from '../../core/model/runbook';
import type { LocalSite } from '../../core/model/site';
import { createLocalReplication } from '../../drivers/local/replication/local-replication';
import { SiteFolder } from '../../drivers/local/site-folder';
import { readInstances } from '../../drivers/local/workloads/instance';
import { createLocalWorkloads } from '../../drivers/local/workloads/local-workloads';
import { localSites, type NameServerPorts } from './shop-runbook';

export interface LabFolders {
  readonly labFolder: string;
  readonly runbookFolder: string;
}

/** The first epoch of a group that was never moved. */
const firstEpoch = 1;

const context = { signal: new AbortController().signal, progress: () => undefined };

/** The shop runs at the primary before Switchback ever looks at it, as any application would. */
export async function firstStart(runbook: Runbook, dns: NameServerPorts, folders: LabFolders): Promise<void> {
  const { alpha, beta } = localSites(runbook);
  for (const site of [alpha, beta]) await mkdir(new SiteFolder(folders.labFolder, site).root, { recursive: true });
  await createRecords(runbook, dns);
  const mutation = { group: runbook.group, operationKey: 'lab/first-start', epoch: firstEpoch };
  const replication = createLocalReplication(folders);
  const workloads = createLocalWorkloads(folders);
  for (const volume of runbook.volumes) await replication.claim(alpha, volume, mutation, context);
  for (const workload of runbook.workloads) await workloads.start(alpha, workload, mutation, context);
}

/** The power is back: at each site that is not cut off, what was running starts again as what it was. */
export async function powerOn(runbook: Runbook, folders: LabFolders): Promise<void> {
  const { alpha, beta } = localSites(runbook);
  for (const site of [alpha, beta]) {
    if (new SiteFolder(folders.labFolder, site).reachable) await restart(runbook, site, folders);
  }
}

async function restart(runbook: Runbook, site: LocalSite, folders: LabFolders): Promise<void> {
  const workloads = createLocalWorkloads(folders);
  const folder = new SiteFolder(folders.labFolder, site);
  for (const workload of runbook.workloads) {
    const { last } = await readInstances({ folder, group: runbook.group, workload: workload.name });
    if (last?.kind !== 'running' && last?.kind !== 'starting') continue;
    const mutation = { group: runbook.group, operationKey: `lab/power-on/${Date.now()}`, epoch: last.epoch };
    await workloads.start(site, workload, mutation, context).catch((error: unknown) => {
      // The fence that keeps an old primary from writing does not open because its power is back.
      if (!(error instanceof SwitchbackFailure) || error.code !== 'Fenced') throw error;
    });
  }
}

async function createRecords(runbook: Runbook, { apiPort }: NameServerPorts): Promise<void> {
  const changes = runbook.traffic.map(({ name, type, ttlSeconds: ttl, values }) => ({
    ...{ action: 'CREATE', name, type, ttl },
    values: values.primary,
  }));
  const init = { method: 'POST', body: JSON.stringify({ changes }) };
  const answer = await fetch(`http://127.0.0.1:${apiPort}/changes`, init);
  if (!answer.ok) throw new Error(`the name server refused the first records: ${await answer.text()}`);
}
