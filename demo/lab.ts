import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Runbook } from '../core/model/runbook';
import type { LocalSite } from '../core/model/site';
import { startDnsServer, type RunningDnsServer } from '../drivers/local/dns/start-dns-server';
import { killSiteProcesses } from '../drivers/local/lab/disaster';
import { SiteFolder } from '../drivers/local/site-folder';
import { localSites, nameServerPorts, placedRunbook, placeRunbook } from './lab/shop-runbook';
import { firstStart, powerOn } from './lab/start-shop';
import { buildShop } from './shop/build';

export interface LabOptions {
  /** Everything is kept in here: sites, DNS, runbook, reports. A home that had a lab goes on where that was. */
  readonly home: string;
  /** Edits the text of runbooks/shop.yaml before it is used, in a new home. */
  readonly editRunbook?: (yaml: string) => string;
}

export interface Lab {
  readonly home: string;
  readonly labFolder: string;
  readonly runbookFolder: string;
  readonly runbook: Runbook;
  readonly sites: { readonly alpha: LocalSite; readonly beta: LocalSite };
  readonly webPort: number;
  readonly dns: RunningDnsServer;
  /** Content of the order log at a site. */
  orderLog(site: LocalSite): Promise<string>;
  /** Ends every process of both sites, and the name server. */
  tearDown(): Promise<void>;
}

/** Two sites on loopback with the shop running at one of them, its runbook, and a name server. */
export async function setUpLab({ home, editRunbook = (yaml) => yaml }: LabOptions): Promise<Lab> {
  const folders = { labFolder: path.join(home, 'lab'), runbookFolder: path.join(home, 'runbooks') };
  await mkdir(folders.runbookFolder, { recursive: true });
  const kept = await placedRunbook(folders.runbookFolder);
  const [dns] = await Promise.all([
    startDnsServer({ folder: path.join(home, 'dns'), ...(kept && nameServerPorts(kept)) }),
    buildShop(folders.runbookFolder),
  ]);
  const runbook = kept ?? (await placeRunbook(folders.runbookFolder, dns, editRunbook));
  if (kept) await powerOn(runbook, folders);
  else await firstStart(runbook, dns, folders);
  return labOf(home, runbook, dns);
}

function labOf(home: string, runbook: Runbook, dns: RunningDnsServer): Lab {
  const labFolder = path.join(home, 'lab');
  const sites = localSites(runbook);
  return {
    ...{ home, labFolder, runbookFolder: path.join(home, 'runbooks'), runbook, sites, dns },
    webPort: runbook.workloads.find((workload) => workload.name === 'web')?.local?.port ?? 0,
    orderLog: (site) =>
      readFile(path.join(new SiteFolder(labFolder, site).volumeData(runbook.group, 'orders'), 'orders.log'), 'utf8'),
    tearDown: async () => {
      for (const site of [sites.alpha, sites.beta]) await killSiteProcesses(labFolder, site);
      await dns.stop();
    },
  };
}
