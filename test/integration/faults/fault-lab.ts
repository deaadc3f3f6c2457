import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import { setUpLab, type Lab } from '../../../demo/lab';
import { startCustomers, type Customers } from '../../../demo/shop/customers';
import { Closing } from '../closing';
import { GroupRuns } from './group-runs';
import { clientOf, environmentFor, OwnServer } from './own-server';
import { WorkerSupply } from './worker-process';

/**
 * Steps follow each other quickly: a record is forgotten after 2 s, no gate waits, a sick workload is given up soon, and a dead
 * worker is missed after a second.
 */
const quickShop = (home: string) => (yaml: string) =>
  yaml
    .replace('ttl: 5s', 'ttl: 2s')
    .replaceAll('within: 15s', 'within: 5s')
    .replace(/^operations:[^]*/m, 'execution: { heartbeat: 1s }\n')
    .replaceAll(/\[node, (\w+\.cjs)\]/g, `[node, --require, ${preload}, $1, ${home}]`);

const preload = path.join(__dirname, 'workload-preload.cjs');

export interface FaultLabOptions {
  readonly ordersPerSecond?: number;
  readonly editRunbook?: (yaml: string) => string;
  /** Where customers ask for the address of the shop; default: its name server. */
  readonly dnsPort?: number;
  /** What every worker has in its environment besides, from its start on, given the address of the server. */
  readonly environmentOfWorkers?: (address: string) => Promise<Readonly<Record<string, string>>>;
  /** Called when the sites are up and before anything uses them. */
  readonly onLab?: (lab: Lab) => void;
}

/** The shop on two local sites, customers, a Temporal server of its own, and workers to end and suspend: all real processes. */
export class FaultLab extends GroupRuns {
  private constructor(
    readonly home: string,
    readonly lab: Lab,
    readonly customers: Customers,
    workers: WorkerSupply,
    client: Client,
    private readonly server: OwnServer,
    private readonly closing: Closing,
  ) {
    super(lab.runbook.group, client, workers);
  }

  static async open(options: FaultLabOptions = {}): Promise<FaultLab> {
    return Closing.unlessOpen(async (closing) => FaultLab.openWith(options, closing));
  }

  private static async openWith(options: FaultLabOptions, closing: Closing): Promise<FaultLab> {
    const { ordersPerSecond = 20, editRunbook = (yaml: string) => yaml } = options;
    const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-faults-'));
    closing.first(async () => rm(home, { recursive: true, force: true }));
    const edit = quickShop(home);
    const settingUp = setUpLab({ home, editRunbook: (yaml) => editRunbook(edit(yaml)) });
    const [lab] = await closing.opened([settingUp], async (opened) => opened.tearDown());
    options.onLab?.(lab);
    const [server] = await closing.opened([OwnServer.start(home)], async (opened) => opened.stop());
    const common = await environmentFor(home, server.address, lab.runbookFolder);
    const env = { ...common, ...(await options.environmentOfWorkers?.(server.address)) };
    const [client] = await closing.opened([clientOf(server.address)], async (opened) => opened.connection.close());
    const workers = new WorkerSupply({ home, env });
    closing.first(async () => workers.close());
    const customers = startCustomers({
      name: lab.runbook.traffic[0]?.name ?? '',
      dnsServer: `127.0.0.1:${options.dnsPort ?? lab.dns.dnsPort}`,
      port: lab.webPort,
      clients: 4,
      ratePerSecond: ordersPerSecond,
      ledgerFile: path.join(home, 'customers.jsonl'),
    });
    closing.first(async () => customers.stop());
    return new FaultLab(home, lab, customers, workers, client, server, closing);
  }

  /** Of the Temporal server. */
  get address(): string {
    return this.server.address;
  }

  /** As a crash would end it; it is back on the same file and port when this resolves. */
  async crashServer(): Promise<void> {
    await this.server.crash();
  }

  async close(): Promise<void> {
    await this.closing.close();
  }
}
