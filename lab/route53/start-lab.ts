import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Runbook } from '../../core/model/runbook';
import { SiteFolder } from '../../drivers/local/site-folder';
import type { LabRunbook } from './lab-runbook';
import { route53Settings } from './route53-settings';
import { startMoto } from './start-moto';
import { startNameServer } from './start-name-server';
import { runbooksIn, writeZones } from './write-zones';

interface LabOptions {
  /** A Python that has moto. */
  readonly python: string;
  /** Record sets are kept in it, so that the next lab goes on with them, and the runbooks as the lab needs them. */
  readonly folder: string;
  readonly runbooks: readonly LabRunbook[];
}

export interface RunningLab {
  readonly nameServer: string;
  /** What a worker has to be told. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** moto with the hosted zones of the runbooks, a name server that answers from it, and the runbooks led to both. */
export async function startLab({ python, folder, runbooks }: LabOptions): Promise<RunningLab> {
  const moto = await startMoto({ python, folder: path.join(folder, 'moto'), zones: {} });
  const { endpoint } = moto;
  const names = await startNameServer({ stateFile: moto.stateFile });
  const nameServer = `127.0.0.1:${names.port}`;
  await writeZones({ folder, endpoint, nameServer, runbooks });
  const home = path.join(folder, 'home');
  for (const { runbook } of runbooks) await openSites(runbook, home);
  return {
    nameServer,
    env: { ...route53Settings(endpoint), SWITCHBACK_RUNBOOKS: runbooksIn(folder), SWITCHBACK_HOME: home },
    stop: async () => {
      names.close();
      await moto.stop();
    },
  };
}

/** A local site whose folder is missing does not answer. */
async function openSites({ sites }: Runbook, home: string): Promise<void> {
  for (const site of [sites.primary, sites.recovery]) {
    if (site.driver === 'local') await mkdir(new SiteFolder(path.join(home, 'lab'), site).root, { recursive: true });
  }
}
