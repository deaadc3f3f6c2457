import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import type { Pod } from '../../../drivers/kubernetes/kube-object';
import { startCustomers, type Customers } from '../../../demo/shop/customers';
import { kubeconfig } from '../../../lab/kubernetes/cluster/kubeconfig';
import type { Cluster } from '../../../lab/kubernetes/cluster/start-cluster';
import { whyNoRealNodes } from '../../../lab/kubernetes/nodes/machine-needs';
import { nodePlace } from '../../../lab/kubernetes/nodes/node-place';
import { labCredentials } from '../../../lab/route53/start-name-server';
import type { RunningServer } from '../../../workers/temporal-server/start-temporal-server';
import { GroupRuns } from '../../integration/faults/group-runs';
import { clientOf, environmentFor, serverStarter } from '../../integration/faults/own-server';
import { until } from '../../integration/faults/until';
import { WorkerSupply } from '../../integration/faults/worker-process';
import { describeRoute53, recordSet, Route53Lab, zoneId } from '../../integration/route53/route53-lab';
import { writeRunbook } from '../../integration/workflows/write-runbook';
import { startFaultyApi, type FaultyApi } from '../lab/faulty-api';
import { deploymentsIn, makeNamespace } from '../lab/objects';
import { claim, ledger, ledgerPort, ledgerRunbook, namespace } from './ledger-objects';
import { PodGate } from './pod-gate';
import { startRealClusters, type RealClusters } from './real-clusters';

export type Side = 'alpha' | 'beta';

export const podsIn = `/api/v1/namespaces/${namespace}/pods`;
export const jobsIn = `/apis/batch/v1/namespaces/${namespace}/jobs`;
export const secretsIn = `/api/v1/namespaces/${namespace}/secrets`;
const claimsIn = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;

/** The tests of a file where the machine allows real nodes, and has moto; else one that says why they are left out. */
export function describeLedger(name: string, tests: (open: () => Promise<LedgerLab>) => void): void {
  const why = whyNoRealNodes();
  if (why === undefined) describeRoute53(name, (python) => tests(async () => LedgerLab.open(python)));
  else test(`${name}: left out, which is said`, () => void process.stderr.write(`${name}: not tested, ${why}.\n`));
}

/** A cluster with the ledger, the way of customers into it, and that of the workers to its API server. */
export interface LedgerSite {
  readonly cluster: Cluster;
  readonly gate: PodGate;
  readonly api: FaultyApi;
}

/**
 * The ledger of the demo in real pods on a volume of its own, on two clusters; customers come by a name in Route 53, and workers
 * are real processes.
 */
export class LedgerLab extends GroupRuns {
  private constructor(
    readonly home: string,
    private readonly clusters: RealClusters,
    readonly sites: Readonly<Record<Side, LedgerSite>>,
    readonly route53: Route53Lab,
    readonly customers: Customers,
    private readonly server: RunningServer,
    client: Client,
    workers: WorkerSupply,
  ) {
    super('shop', client, workers);
  }

  static async open(python: string): Promise<LedgerLab> {
    const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-ledger-'));
    const [clusters, route53, start] = await Promise.all([
      startRealClusters(),
      Route53Lab.open(python),
      serverStarter(home),
    ]);
    const { alpha, beta } = clusters;
    await Promise.all([placeLedger(alpha, 1), placeLedger(beta, 0)]);
    const home1 = await gateTo(alpha, '127.0.1.1', 0);
    const home2 = await gateTo(beta, '127.0.2.1', home1.port);
    const sites = {
      alpha: { cluster: alpha, gate: home1, api: await startFaultyApi(alpha) },
      beta: { cluster: beta, gate: home2, api: await startFaultyApi(beta) },
    };
    const access = Object.values(sites).map(({ cluster, api }) => ({ ...cluster.access, server: api.server }));
    await writeFile(path.join(home, 'kubeconfig'), kubeconfig(access), { mode: 0o600 });
    const places = { port: home1.port, hostedZoneId: zoneId, nameServer: route53.nameServer };
    const { traffic } = await writeRunbook(home, ledgerRunbook(places));
    const name = traffic[0]?.name ?? '';
    await route53.create(recordSet(name, ['127.0.1.1'], { TTL: 2 }));
    await ledgerReady(alpha);
    const server = await start();
    const env = {
      ...(await environmentFor(home, server.address, path.join(home, 'runbooks'))),
      SWITCHBACK_KUBECONFIGS: home,
      SWITCHBACK_ROUTE53_ENDPOINT: route53.endpoint,
      AWS_ACCESS_KEY_ID: labCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: labCredentials.secretAccessKey,
    };
    const customers = startCustomers({
      name,
      dnsServer: route53.nameServer,
      port: home1.port,
      clients: 4,
      ratePerSecond: 20,
      ledgerFile: path.join(home, 'customers.jsonl'),
    });
    const workers = new WorkerSupply({ home, env });
    return new LedgerLab(home, clusters, sites, route53, customers, server, await clientOf(server.address), workers);
  }

  /** The log of the ledger, as it is in the volume of the site. */
  async orderLog(side: Side): Promise<string> {
    const { cluster } = this.sites[side];
    const path_ = `${claimsIn}/${claim.metadata.name}`;
    const { spec } = await cluster.client.get<{ spec: { volumeName: string } }>(path_);
    const { volumes } = nodePlace(path.join(this.clusters.folder, side));
    return readFile(path.join(volumes, spec.volumeName, 'orders.log'), 'utf8');
  }

  /** Names of the pods of the ledger at the site that have not ended. */
  async pods(side: Side): Promise<readonly string[]> {
    const query = { labelSelector: 'app=ledger' };
    const { items } = await this.sites[side].cluster.client.get<{ items: readonly Pod[] }>(podsIn, { query });
    return items.map(({ metadata }) => metadata.name);
  }

  /** Waits until the replica holds every order acknowledged before that moment, in milliseconds since 1970. */
  async passAfter(moment: number): Promise<void> {
    await until('a pass of replication has begun since', async () => {
      const { lastPassAt } = (await this.state()).replication;
      return lastPassAt !== undefined && Date.parse(lastPassAt) > moment;
    });
  }

  async close(): Promise<void> {
    await this.customers.stop();
    await this.workers.close();
    await this.client.connection.close();
    await this.server.stop();
    for (const { gate, api } of Object.values(this.sites)) await Promise.all([gate.close(), api.stop()]);
    await Promise.all([this.clusters.stop(), this.route53.close()]);
    await rm(this.home, { recursive: true, force: true });
  }
}

async function placeLedger({ client }: Cluster, replicas: number): Promise<void> {
  await makeNamespace(client, namespace);
  await client.create(claimsIn, claim);
  await client.create(deploymentsIn(namespace), ledger(replicas));
}

const gateTo = async ({ client }: Cluster, address: string, port: number): Promise<PodGate> =>
  PodGate.open(client, { address, port, pods: podsIn, labelSelector: 'app=ledger', podPort: ledgerPort });

async function ledgerReady({ client }: Cluster): Promise<void> {
  await until('the ledger is Ready', async () => {
    const path_ = `${deploymentsIn(namespace)}/ledger`;
    const { status } = await client.get<{ status?: { readyReplicas?: number } }>(path_);
    return status?.readyReplicas === 1;
  });
}
