import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { paperOf } from '../../cli/paper-of';
import type { FailoverMode, Operation } from '../../core/model/operation';
import type { Runbook } from '../../core/model/runbook';
import { paperMarkdown } from '../../core/paper/paper-markdown';
import { createLocalTraffic } from '../../drivers/local/dns/local-traffic';
import { startDnsServer } from '../../drivers/local/dns/start-dns-server';
import type { KubeList, KubeObject, Pod, WorkloadObject } from '../../drivers/kubernetes/kube-object';
import { findKubectl } from '../../lab/kubernetes/binaries/find-binaries';
import type { Cluster } from '../../lab/kubernetes/cluster/start-cluster';
import { until } from '../integration/faults/until';
import { paperReader, type PaperReader } from '../integration/paper/paper-reader';
import { writeRunbook } from '../integration/workflows/write-runbook';
import { readGuide } from './guide/read-guide';
import { podsIn } from './lab/pods-in';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';
import { withoutControllers } from './lab/without-controllers';
import { startLoadBalancer } from './shop/load-balancer';
import { makeShop, pathIn, shopRunbook } from './shop/shop-objects';

const namespace = 'shop';
const quiet = { signal: new AbortController().signal, progress: () => undefined };
const everything = { agent: 2, api: 3, queue: 2, 'web-one': 1, 'web-two': 1 };

/** Two clusters with the shop, customers' name server and load balancers: no Temporal server, and no worker. */
async function openLab() {
  const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-paper-lab-'));
  const [clusters, dns] = await Promise.all([startTwoClusters(), startDnsServer({ folder: path.join(home, 'dns') })]);
  await Promise.all([
    makeShop(clusters.alpha.client, namespace, 'active'),
    makeShop(clusters.beta.client, namespace, 'standby'),
  ]);
  const first = await startLoadBalancer({ address: '127.0.1.1', port: 0, cluster: clusters.alpha, namespace });
  const second = await startLoadBalancer({ address: '127.0.2.1', port: first.port, cluster: clusters.beta, namespace });
  const addresses = { server: `127.0.0.1:${dns.dnsPort}`, api: `http://127.0.0.1:${dns.apiPort}` };
  const text = shopRunbook({ namespace, standbyNamespace: namespace, port: first.port, dns: addresses });
  const runbook = await writeRunbook(home, text);
  const [record] = runbook.traffic;
  if (record === undefined) throw new Error('the shop has no record');
  const traffic = createLocalTraffic();
  const mutation = { group: namespace, operationKey: 'first', epoch: 1 };
  await traffic.switch({ ...mutation, record, expected: [], next: record.values.primary, ttlSeconds: 1 }, quiet);
  const kubectl = await findKubectl({ say: () => undefined });
  const reader = await paperReader({ env: { KUBECONFIGS: clusters.folder }, programs: [path.dirname(kubectl)] });
  return {
    ...{ home, clusters, runbook, reader },
    resolve: async () => (await traffic.resolve(record, quiet)).values,
    close: async () => {
      await Promise.all([first.stop(), second.stop(), dns.stop(), clusters.stop()]);
      await Promise.all([home, reader.folder].map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

let lab: Awaited<ReturnType<typeof openLab>>;
let clusters: TwoClusters;
let runbook: Runbook;
let reader: PaperReader;
beforeAll(async () => {
  lab = await openLab();
  ({ clusters, runbook, reader } = lab);
});
afterAll(() => lab.close());

const print = (operation: Operation, mode: FailoverMode = 'planned') =>
  paperOf(runbook, path.join(lab.home, 'runbooks'), { operation, mode });

const podsAt = (cluster: Cluster) => podsIn(cluster, namespace);

const fenceAt = async ({ client }: Cluster) =>
  (
    await client.get<KubeObject & { data: Record<string, string> }>(
      pathIn(namespace, 'configmaps', 'switchback-fence-shop'),
    )
  ).data;

const scale = async ({ client }: Cluster, replicas: number): Promise<unknown> =>
  client.patch(pathIn(namespace, 'deployments', 'api'), { spec: { replicas } });

const suspended = async ({ client }: Cluster) =>
  (await client.get<WorkloadObject>(pathIn(namespace, 'cronjobs', 'report'))).spec.suspend;

const autoscaled = async ({ client }: Cluster) =>
  (await client.get<{ spec: { scaleTargetRef: { name: string } } }>(pathIn(namespace, 'autoscalers', 'api'))).spec
    .scaleTargetRef.name;

test('pods that are gone while their controllers are away do not count as stopped', async () => {
  const { client } = clusters.alpha;
  const stop = readGuide(paperMarkdown(await print('failover'))).find(({ title }) => title.includes('stop api'));
  const proof = stop?.steps.at(-1);
  if (proof?.kind !== 'run') throw new Error('nothing proves that api is stopped');
  expect(proof.shown).toBe('left: 0');
  const bash = promisify(execFile);
  const shown = async (): Promise<string> => (await bash('bash', ['-c', proof.script], { env: reader.env })).stdout;
  await withoutControllers(clusters.alpha, async () => {
    await scale(clusters.alpha, 0);
    const query = { labelSelector: 'app=api' };
    const { items: pods } = await client.get<KubeList<Pod>>(`/api/v1/namespaces/${namespace}/pods`, { query });
    for (const { metadata } of pods)
      await client.request({ method: 'DELETE', path: pathIn(namespace, 'pods', metadata.name) });
    await until('its pods are gone', async () => (await podsAt(clusters.alpha))['api'] === undefined);
    expect(await shown()).toMatch(/^left: [1-9]/);
  });
  await until('its controllers know', async () => (await shown()) === 'left: 0\n');
  // Whoever cannot see the cluster is not told that nothing is left.
  clusters.gates.alpha.close();
  await expect(shown()).rejects.toMatchObject({ stdout: '' });
  clusters.gates.alpha.open();
  await scale(clusters.alpha, everything.api);
  await until('all is as before', async () => (await podsAt(clusters.alpha))['api'] === everything.api);
});

test('a planned failover by hand, with kubectl: as many as ran at home run at the other site, and nothing at home', async () => {
  expect(await podsAt(clusters.alpha)).toEqual(everything);
  await reader.follow(await print('failover'));
  expect(await podsAt(clusters.alpha)).toEqual({});
  expect(await podsAt(clusters.beta)).toEqual(everything);
  expect([await suspended(clusters.alpha), await suspended(clusters.beta)]).toEqual([true, false]);
  expect([await autoscaled(clusters.alpha), await autoscaled(clusters.beta)]).toEqual([
    'api.switchback-stopped',
    'api',
  ]);
  expect(await lab.resolve()).toEqual(['127.0.2.1']);
});

test('the cluster that was left is fenced: it refuses what anybody brings up there', async () => {
  const [alpha, beta] = [await fenceAt(clusters.alpha), await fenceAt(clusters.beta)];
  expect([alpha['fencing'], beta['fencing'], alpha['epoch']]).toEqual(['fenced', 'unfenced', beta['epoch']]);
  await expect(scale(clusters.alpha, 3)).rejects.toMatchObject({ status: 403 });
});

test('reprotect and failback by hand: home again, with the same numbers', async () => {
  await reader.follow(await print('reprotect'));
  await reader.follow(await print('failback'));
  expect(await podsAt(clusters.alpha)).toEqual(everything);
  expect(await podsAt(clusters.beta)).toEqual({});
  expect(await autoscaled(clusters.alpha)).toBe('api');
  expect(await lab.resolve()).toEqual(['127.0.1.1']);
  await expect(scale(clusters.beta, 1)).rejects.toMatchObject({ status: 403 });
});

test('an unplanned failover by hand, with the site that is taken for lost still there: it is fenced and emptied', async () => {
  await reader.follow(await print('failover', 'unplanned'));
  expect(await podsAt(clusters.alpha)).toEqual({});
  expect(await podsAt(clusters.beta)).toEqual(everything);
  expect(await lab.resolve()).toEqual(['127.0.2.1']);
});
