import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import type { Pod } from '../../../drivers/kubernetes/kube-object';
import { startCustomers, type Customers } from '../../../demo/shop/customers';
import { kubeconfig } from '../../../lab/kubernetes/cluster/kubeconfig';
import type { Cluster } from '../../../lab/kubernetes/cluster/start-cluster';
import { labCredentials } from '../../../lab/route53/route53-settings';
import { Closing } from '../../integration/closing';
import { GroupRuns } from '../../integration/faults/group-runs';
import { clientOf, environmentFor, OwnServer } from '../../integration/faults/own-server';
import { until } from '../../integration/faults/until';
import { WorkerSupply } from '../../integration/faults/worker-process';
import { describeRoute53, recordSet, Route53Lab, zoneId } from '../../integration/route53/route53-lab';
import { writeRunbook } from '../../integration/workflows/write-runbook';
import { claimsIn, volumeFolder } from '../lab/claim-folder';
import { describeWithNodes } from '../lab/describe-with-nodes';
import { startFaultyApi, type FaultyApi } from '../lab/faulty-api';
import type { Gate } from '../lab/gate';
import { deploymentsIn, makeNamespace } from '../lab/objects';
import { ledgerRunbook, namespace } from './ledger-objects';
import { podGate } from './pod-gate';
import { startRealClusters } from './real-clusters';
import { claim, ledger, ledgerLog, ledgerPort } from './real-objects';

export type Side = 'alpha' | 'beta';

export const podsIn = `/api/v1/namespaces/${namespace}/pods`;
export const jobsIn = `/apis/batch/v1/namespaces/${namespace}/jobs`;
export const secretsIn = `/api/v1/namespaces/${namespace}/secrets`;

/** The tests of a file where the machine allows real nodes, and has moto; else one that says why they are left out. */
export function describeLedger(name: string, tests: (open: () => Promise<LedgerLab>) => void): void {
  describeWithNodes(name, () =>
    describeRoute53('with Route 53', (python) => tests(async () => LedgerLab.open(python))),
  );
}

/** A cluster with the ledger, the way of customers into it, and that of the workers to its API server. */
export interface LedgerSite {
  readonly cluster: Cluster;
  readonly gate: Gate;
  readonly api: FaultyApi;
}

/**
 * The ledger of the demo in real pods on a volume of its own, on two clusters; customers come by a name in Route 53, and workers
 * are real processes.
 */
export class LedgerLab extends GroupRuns {
  private constructor(
    readonly home: string,
    readonly sites: Readonly<Record<Side, LedgerSite>>,
    readonly route53: Route53Lab,
    readonly customers: Customers,
    client: Client,
    workers: WorkerSupply,
    private readonly closing: Closing,
  ) {
    super('shop', client, workers);
  }

  static async open(python: string): Promise<LedgerLab> {
    return Closing.unlessOpen(async (closing) => LedgerLab.openWith(python, closing));
  }

  private static async openWith(python: string, closing: Closing): Promise<LedgerLab> {
    const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-ledger-'));
    closing.first(async () => rm(home, { recursive: true, force: true }));
    const clusters = await startRealClusters();
    closing.first(async () => clusters.stop());
    const route53 = await Route53Lab.open(python);
    closing.first(async () => route53.close());
    const { alpha, beta } = clusters;
    await Promise.all([placeLedger(alpha, 1), placeLedger(beta, 0)]);
    const gateTo = async ({ client }: Cluster, address: string, port: number): Promise<Gate> => {
      const gate = await podGate(client, { address, port, ...toLedger });
      closing.first(async () => gate.stop());
      return gate;
    };
    const apiOf = async (cluster: Cluster): Promise<FaultyApi> => {
      const api = await startFaultyApi(cluster);
      closing.first(async () => api.stop());
      return api;
    };
    const home1 = await gateTo(alpha, '127.0.1.1', 0);
    const { port } = home1;
    const sites = {
      alpha: { cluster: alpha, gate: home1, api: await apiOf(alpha) },
      beta: { cluster: beta, gate: await gateTo(beta, '127.0.2.1', port), api: await apiOf(beta) },
    };
    const access = Object.values(sites).map(({ cluster, api }) => ({ ...cluster.access, server: api.server }));
    await writeFile(path.join(home, 'kubeconfig'), kubeconfig(access), { mode: 0o600 });
    const { nameServer: dnsServer } = route53;
    const { traffic } = await writeRunbook(home, ledgerRunbook({ port, hostedZoneId: zoneId, nameServer: dnsServer }));
    const name = traffic[0]?.name ?? '';
    await route53.create(recordSet(name, ['127.0.1.1'], { TTL: 2 }));
    await ledgerReady(alpha);
    const server = await OwnServer.start(home);
    closing.first(async () => server.stop());
    const client = await clientOf(server.address);
    closing.first(async () => client.connection.close());
    const env = {
      ...(await environmentFor(home, server.address, path.join(home, 'runbooks'))),
      SWITCHBACK_KUBECONFIGS: home,
      SWITCHBACK_ROUTE53_ENDPOINT: route53.endpoint,
      AWS_ACCESS_KEY_ID: labCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: labCredentials.secretAccessKey,
    };
    const workers = new WorkerSupply({ home, env });
    closing.first(async () => workers.close());
    const ledgerFile = path.join(home, 'customers.jsonl');
    const customers = startCustomers({ name, dnsServer, port, clients: 4, ratePerSecond: 20, ledgerFile });
    closing.first(async () => customers.stop());
    return new LedgerLab(home, sites, route53, customers, client, workers, closing);
  }

  /** The log of the ledger, as it is in the volume of the site. */
  async orderLog(side: Side): Promise<string> {
    const folder = await volumeFolder(this.sites[side].cluster, namespace, 'orders');
    return readFile(path.join(folder, ledgerLog), 'utf8');
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
    await this.closing.close();
  }
}

const toLedger = { pods: podsIn, labelSelector: 'app=ledger', podPort: ledgerPort };

async function placeLedger({ client }: Cluster, replicas: number): Promise<void> {
  await makeNamespace(client, namespace);
  await client.create(claimsIn(namespace), claim('orders'));
  await client.create(deploymentsIn(namespace), ledger('ledger', 'orders', { replicas, ownNames: true }));
}

async function ledgerReady({ client }: Cluster): Promise<void> {
  await until('the ledger is Ready', async () => {
    const path_ = `${deploymentsIn(namespace)}/ledger`;
    const { status } = await client.get<{ status?: { readyReplicas?: number } }>(path_);
    return status?.readyReplicas === 1;
  });
}
