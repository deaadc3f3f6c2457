import { mkdir, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import type { LocalSite } from '../core/model/site';
import type { Runbook } from '../core/model/runbook';
import { formatDiagnostic } from '../core/runbook/diagnostic';
import { parseRunbook } from '../core/runbook/parse-runbook';
import { startDnsServer, type RunningDnsServer } from '../drivers/local/dns/start-dns-server';
import { killSiteProcesses } from '../drivers/local/lab/disaster';
import { createLocalReplication } from '../drivers/local/replication/local-replication';
import { SiteFolder } from '../drivers/local/site-folder';
import { createLocalWorkloads } from '../drivers/local/workloads/local-workloads';
import { buildShop } from './shop/build';

export interface LabOptions {
  /** Everything is kept in here: sites, DNS, runbook, reports. */
  readonly home: string;
  /** Edits the text of runbooks/shop.yaml before it is used. */
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

/** The first epoch of a group that was never moved. */
const FIRST_EPOCH = 1;

/** Two sites on loopback with the shop running at the first one, its runbook on free ports, and a name server. */
export async function setUpLab({ home, editRunbook = (yaml) => yaml }: LabOptions): Promise<Lab> {
  const labFolder = path.join(home, 'lab');
  const runbookFolder = path.join(home, 'runbooks');
  await mkdir(runbookFolder, { recursive: true });
  const [dns] = await Promise.all([startDnsServer({ folder: path.join(home, 'dns') }), buildShop(runbookFolder)]);
  const runbook = await writeRunbook(runbookFolder, dns, editRunbook);
  const [alpha, beta] = [runbook.sites.primary as LocalSite, runbook.sites.recovery as LocalSite];
  for (const site of [alpha, beta]) await mkdir(new SiteFolder(labFolder, site).root, { recursive: true });
  await createRecords(runbook, dns);
  await startShop(runbook, { labFolder, runbookFolder });
  const webPort = runbook.workloads.find((workload) => workload.name === 'web')?.local?.port ?? 0;
  return {
    home,
    labFolder,
    runbookFolder,
    runbook,
    sites: { alpha, beta },
    webPort,
    dns,
    orderLog: (site) =>
      readFile(path.join(new SiteFolder(labFolder, site).volumeData(runbook.group, 'orders'), 'orders.log'), 'utf8'),
    tearDown: async () => {
      for (const site of [alpha, beta]) await killSiteProcesses(labFolder, site);
      await dns.stop();
    },
  };
}

/** runbooks/shop.yaml with ports that are free now, so that several labs can run side by side. */
async function writeRunbook(folder: string, dns: RunningDnsServer, edit: (yaml: string) => string): Promise<Runbook> {
  const template = await readFile(path.join(__dirname, '..', 'runbooks', 'shop.yaml'), 'utf8');
  const ports = await freePorts(3);
  const placed = ports.reduce((yaml, port, index) => yaml.replaceAll(String(7101 + index), String(port)), template);
  const yaml = edit(placed.replace('127.0.0.1:5353', `127.0.0.1:${dns.dnsPort}`).replace(':5380', `:${dns.apiPort}`));
  const file = path.join(folder, 'shop.yaml');
  await writeFile(file, yaml);
  const parsed = parseRunbook(yaml, file);
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
  return parsed.runbook;
}

async function createRecords(runbook: Runbook, dns: RunningDnsServer): Promise<void> {
  const changes = runbook.traffic.map(({ name, type, ttlSeconds, values }) => ({
    action: 'CREATE',
    name,
    type,
    ttl: ttlSeconds,
    values: values.primary,
  }));
  const answer = await fetch(`http://127.0.0.1:${dns.apiPort}/changes`, {
    method: 'POST',
    body: JSON.stringify({ changes }),
  });
  if (!answer.ok) throw new Error(`the name server refused the first records: ${await answer.text()}`);
}

/** The shop runs at the primary before Switchback ever looks at it, as any application would. */
async function startShop(runbook: Runbook, folders: { labFolder: string; runbookFolder: string }): Promise<void> {
  const site = runbook.sites.primary;
  const context = { signal: new AbortController().signal, progress: () => undefined };
  const mutation = { group: runbook.group, operationKey: 'lab/first-start', epoch: FIRST_EPOCH };
  const replication = createLocalReplication(folders);
  const workloads = createLocalWorkloads(folders);
  for (const volume of runbook.volumes) await replication.claim(site, volume, mutation, context);
  for (const workload of runbook.workloads) await workloads.start(site, workload, mutation, context);
}

/** Ports that nobody listens on now. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen()));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

const listen = (): Promise<net.Server> =>
  new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
