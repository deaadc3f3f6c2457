import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { copyOf } from '../../../core/model/drill';
import type { Runbook } from '../../../core/model/runbook';
import { createLocalTraffic } from '../../../drivers/local/dns/local-traffic';
import { startDnsServer } from '../../../drivers/local/dns/start-dns-server';
import { copyNamespaceName } from '../../../drivers/kubernetes/copies/copy-name';
import { Closing } from '../../integration/closing';
import { writeRunbook } from '../../integration/workflows/write-runbook';
import { makeNamespace } from '../lab/objects';
import { startRunLab, type RunLab } from '../lab/run-lab';
import { startTwoClusters, type TwoClusters } from '../lab/two-clusters';
import { applyManifests } from '../permissions/manifests';
import { startLoadBalancer, type LoadBalancer } from './load-balancer';
import { makeShop, shopRunbook } from './shop-objects';

/** The shop on two clusters, a name server, a Temporal server and a worker as the product runs it. */
export interface ShopLab extends RunLab {
  /** Folder of the worker. */
  readonly home: string;
  readonly clusters: TwoClusters;
  /** At the primary site, and the name of the group. */
  readonly namespace: string;
  /** Where copies of drills live, at either cluster. */
  readonly copyNamespace: string;
  readonly runbook: Runbook;
  /** Where a customer is led. */
  resolve(): Promise<readonly string[]>;
}

const quiet = { signal: new AbortController().signal, progress: () => undefined };
const namespace = 'shop';

interface ShopOptions {
  /** The standby begins as an empty namespace, and is staged so often. */
  readonly stagedEvery?: string;
  /** That of the primary site by default. */
  readonly standbyNamespace?: string;
  /** What the runbook says of staging besides. */
  readonly maps?: object;
  /** The worker may do only what its Roles say, and the API servers keep a log of what it asks for. */
  readonly asWorker?: true;
}

export async function startShopLab(options: ShopOptions = {}): Promise<ShopLab> {
  return Closing.unlessOpen(async (closing) => open(options, closing));
}

async function open(options: ShopOptions, closing: Closing): Promise<ShopLab> {
  const { stagedEvery, standbyNamespace = namespace, maps, asWorker } = options;
  const stage = stagedEvery === undefined ? undefined : { every: stagedEvery, ...maps };
  const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-shop-'));
  closing.first(async () => rm(home, { recursive: true, force: true }));
  const beginnings = [startTwoClusters(), startDnsServer({ folder: path.join(home, 'dns') })] as const;
  const [clusters, dns] = await closing.opened(beginnings, async (part) => part.stop());
  const { alpha, beta } = clusters;
  await Promise.all([
    makeShop(alpha.client, namespace, 'active'),
    stage === undefined
      ? makeShop(beta.client, standbyNamespace, 'standby')
      : makeNamespace(beta.client, standbyNamespace),
  ]);
  if (asWorker) {
    await applyManifests(alpha.client, namespace);
    await applyManifests(beta.client, standbyNamespace);
  }
  const balance = async (way: Parameters<typeof startLoadBalancer>[0]): Promise<LoadBalancer> => {
    const [balancer] = await closing.opened([startLoadBalancer(way)], async (one) => one.stop());
    return balancer;
  };
  const { port } = await balance({ address: '127.0.1.1', port: 0, cluster: alpha, namespace });
  const copies = (of: string) => ({ port, namespace: copyNamespaceName(of, copyOf(namespace)) });
  await balance({ address: '127.0.2.1', port, cluster: beta, namespace: standbyNamespace });
  await balance({ address: '127.0.3.1', cluster: alpha, ...copies(namespace) });
  await balance({ address: '127.0.4.1', cluster: beta, ...copies(standbyNamespace) });
  const addresses = { server: `127.0.0.1:${dns.dnsPort}`, api: `http://127.0.0.1:${dns.apiPort}` };
  const text = shopRunbook({ namespace, standbyNamespace, port, dns: addresses }, stage);
  const kubeconfig = asWorker ? 'kubeconfig: worker-kubeconfig' : 'kubeconfig: kubeconfig';
  const runbook = await writeRunbook(home, text.replaceAll('kubeconfig: kubeconfig', kubeconfig));
  const [record] = runbook.traffic;
  if (record === undefined) throw new Error('the shop has no record');
  const traffic = createLocalTraffic();
  const first = { group: namespace, operationKey: 'first', epoch: 1 };
  await traffic.switch({ ...first, record, expected: [], next: record.values.primary, ttlSeconds: 1 }, quiet);

  const starting = startRunLab({ home, kubeconfigFolder: clusters.folder, runbook: namespace });
  const [runs] = await closing.opened([starting], async (lab) => lab.tearDown());
  return {
    ...runs,
    home,
    clusters,
    namespace,
    copyNamespace: copies(namespace).namespace,
    runbook,
    resolve: async () => (await traffic.resolve(record, quiet)).values,
    tearDown: async () => closing.close(),
  };
}
