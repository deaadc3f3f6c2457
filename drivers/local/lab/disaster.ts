import { mkdir, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalSite } from '../../../core/model/site';
import { appendToJournal } from '../journal';
import { readFenceJournal, SiteFolder } from '../site-folder';
import { findProcesses, readInstances, type Sighting } from '../workloads/instance';
import { isAlive, readProcessTable } from '../workloads/process-table';
import { signalProcess } from '../workloads/signal-process';

/** Cuts a site off: every driver call finds it unreachable, and its workloads answer nobody. They keep running. */
export async function isolateSite(labFolder: string, site: LocalSite): Promise<void> {
  const { root, isolatedMarker } = new SiteFolder(labFolder, site);
  await mkdir(root, { recursive: true });
  const marker = await open(isolatedMarker, 'a');
  await marker.sync();
  await marker.close();
}

/**
 * Ends the isolation. While the site was away another one may have taken over, so nothing there may write before a person or
 * a run has fenced or unfenced it anew: every group is quarantined before the way to it opens.
 */
export async function reconnectSite(labFolder: string, site: LocalSite): Promise<void> {
  const folder = new SiteFolder(labFolder, site);
  for (const group of await names(path.join(folder.root, 'groups'))) await quarantine(folder, group);
  await rm(folder.isolatedMarker, { force: true });
}

async function quarantine(folder: SiteFolder, group: string): Promise<void> {
  for (;;) {
    const { last, seq } = await readFenceJournal(folder, group);
    if (last?.quarantined === true) return;
    const fence = { epoch: last?.epoch ?? 0, fencing: last?.fencing ?? 'unfenced' };
    const record = { ...fence, quarantined: true, operationKey: 'lab/reconnect', at: new Date().toISOString() };
    if (await appendToJournal(folder.fenceFile(group), record, seq)) return;
  }
}

/** Ends every process of every workload of the site, as a power cut would. Returns their pids once they are gone. */
export async function killSiteProcesses(labFolder: string, site: LocalSite): Promise<readonly number[]> {
  const folder = new SiteFolder(labFolder, site);
  const killed = new Set<number>();
  for (;;) {
    const found = await siteProcesses(folder);
    if (found.length === 0) return [...killed];
    for (const process of found) if (signalProcess(process, 'SIGKILL')) killed.add(process.pid);
    while (found.some((process) => isAlive(readProcessTable(), process))) await sleep(2);
  }
}

async function siteProcesses(folder: SiteFolder): Promise<readonly Sighting[]> {
  const table = readProcessTable();
  const found: Sighting[] = [];
  for (const group of await names(path.join(folder.root, 'groups'))) {
    for (const workload of await names(path.join(folder.groupFolder(group), 'workloads'))) {
      const place = { folder, group, workload };
      found.push(...findProcesses(place, (await readInstances(place)).entries, table));
    }
  }
  return found;
}

async function names(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}
