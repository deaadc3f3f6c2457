import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { copyOf } from '../../core/model/drill';
import type { KubeClient } from '../../drivers/kubernetes/client/kube-client';
import { copyNamespaceName } from '../../drivers/kubernetes/copies/copy-name';
import type { Cluster } from '../../lab/kubernetes/cluster/start-cluster';
import { labImages } from '../../lab/kubernetes/images/lab-images';
import { writeRunbook } from '../integration/workflows/write-runbook';
import { describeWithNodes } from './lab/describe-with-nodes';
import { deployment, deploymentsIn, makeNamespace } from './lab/objects';
import { podsIn } from './lab/pods-in';
import { startRunLab, type RunLab } from './lab/run-lab';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';
import { startLoadBalancer } from './shop/load-balancer';
import { cronJob, daemonSet, pathsOf, service } from './shop/shop-objects';

const examples = path.join(__dirname, '../../runbooks/examples');

interface Example {
  readonly namespace: string;
  /** Pods of the active site, by app. */
  readonly everything: Readonly<Record<string, number>>;
  /** Makes its objects; `active`: with everything running. */
  readonly place: (client: KubeClient, active: boolean) => Promise<void>;
  /** The standby begins empty. */
  readonly staged?: true;
  readonly drill?: true;
  /** Pods are processes of this machine, with volumes. */
  readonly nodes?: 'process';
}

async function placeDeployments(client: KubeClient, namespace: string, replicas: Example['everything']): Promise<void> {
  for (const [name, count] of Object.entries(replicas)) {
    await client.create(deploymentsIn(namespace), deployment(name, count));
    await client.create(pathsOf(namespace).services, service(name));
  }
}

async function placeWeb(client: KubeClient, active: boolean): Promise<void> {
  const paths = pathsOf('shop');
  await placeDeployments(client, 'shop', { api: active ? 3 : 0 });
  const web = deployment('web', active ? 1 : 0) as { metadata: object };
  const labels = { app: 'shop', tier: 'web' };
  await client.create(paths.deployments, { ...web, metadata: { ...web.metadata, labels } });
  await client.create(paths.services, service('web'));
  await client.create(paths.cronjobs, cronJob('nightly-report', !active));
  await client.create(paths.daemonsets, daemonSet('log-agent', active));
}

async function placeStaged(client: KubeClient, active: boolean): Promise<void> {
  await placeDeployments(client, 'shop', { api: active ? 3 : 0, web: active ? 2 : 0 });
  await client.create(pathsOf('shop').cronjobs, cronJob('report', true));
}

async function placeLedger(client: KubeClient, active: boolean): Promise<void> {
  const labels = { app: 'ledger' };
  const container = {
    name: 'main',
    image: labImages.busybox,
    imagePullPolicy: 'Never',
    command: ['sh', '-c', 'echo order >> /mnt/data/orders.log; sleep 100000'],
    volumeMounts: [{ name: 'data', mountPath: '/mnt/data' }],
  };
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '64Mi' } } };
  await client.create(pathsOf('ledger').services, service('ledger'));
  await client.create(pathsOf('ledger').statefulsets, {
    metadata: { name: 'ledger' },
    spec: {
      replicas: active ? 1 : 0,
      serviceName: 'ledger',
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers: [container] } },
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec }],
    },
  });
}

const table: Readonly<Record<string, Example>> = {
  // Objects that are chosen by labels start with what their site has recorded; a standby that was never active, with one pod.
  'kubernetes-web.yaml': { namespace: 'shop', everything: { api: 3, 'log-agent': 2, web: 1 }, place: placeWeb },
  'kubernetes-web-warm.yaml': {
    namespace: 'web',
    everything: { web: 4 },
    place: async (client, active) => placeDeployments(client, 'web', { web: active ? 4 : 0 }),
  },
  'kubernetes-route53.yaml': {
    namespace: 'shop',
    everything: { api: 3, web: 2 },
    place: async (client, active) => placeDeployments(client, 'shop', { api: active ? 3 : 0, web: active ? 2 : 0 }),
  },
  'kubernetes-staged.yaml': {
    namespace: 'shop',
    everything: { api: 3, web: 2 },
    place: placeStaged,
    staged: true,
    drill: true,
  },
  'kubernetes-ledger.yaml': {
    namespace: 'ledger',
    everything: { ledger: 1 },
    place: placeLedger,
    staged: true,
    nodes: 'process',
  },
};

/** The example at the sites of this machine. Its traffic is left out: Route 53 has tests of its own. */
async function here(file: string, port: number): Promise<string> {
  const text = await readFile(path.join(examples, file), 'utf8');
  return text
    .replace(/^traffic:\n(?: .*\n)*/m, '')
    .replaceAll('192.0.2.10', '127.0.1.1')
    .replaceAll('198.51.100.10', '127.0.2.1')
    .replaceAll('198.51.100.30', '127.0.4.1')
    .replaceAll('192.0.2.30', '127.0.3.1')
    .replaceAll('10.0.0.0/16', '127.0.0.0/8')
    .replaceAll(/^( *)context: (\w+)$/gm, '$1context: $2\n$1kubeconfig: kubeconfig')
    .replaceAll(/\{ context: (\w+),/g, '{ context: $1, kubeconfig: kubeconfig,')
    .replaceAll('context: frankfurt', 'context: alpha')
    .replaceAll('context: dublin', 'context: beta')
    .replaceAll(/mover: .*/g, `mover: { image: '${labImages.rsync}', pullPolicy: Never, service: Pod }`)
    .replaceAll('port: 80', `port: ${port}`);
}

const routes: Readonly<Record<string, string>> = { '/': 'web', '/api': 'api' };

test('every example for Kubernetes is walked through', async () => {
  const files = (await readdir(examples)).filter((name) => name.startsWith('kubernetes-'));
  expect(Object.keys(table).sort()).toEqual(files.sort());
});

for (const [file, example] of Object.entries(table)) {
  const name = `the example ${file}`;
  if (example.nodes === undefined) describe(name, () => walkThrough(file, example));
  else describeWithNodes(name, () => walkThrough(file, example));
}

function walkThrough(file: string, { namespace, everything, place, staged, drill, nodes }: Example): void {
  const group = file.replace('.yaml', '');
  let home: string;
  let clusters: TwoClusters;
  let lab: RunLab;
  const stops: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'switchback-examples-'));
    clusters = await startTwoClusters(nodes && { nodes });
    const { alpha, beta } = clusters;
    await Promise.all([alpha, beta].map(async ({ client }) => makeNamespace(client, namespace)));
    await place(alpha.client, true);
    if (!staged) await place(beta.client, false);
    const route = (at: string): string => routes[at] ?? at.slice(1);
    const first = await startLoadBalancer({ address: '127.0.1.1', port: 0, cluster: alpha, namespace, route });
    const { port } = first;
    const copies = copyNamespaceName(namespace, copyOf(group));
    const others = [
      await startLoadBalancer({ address: '127.0.2.1', port, cluster: beta, namespace, route }),
      await startLoadBalancer({ address: '127.0.4.1', port, cluster: beta, namespace: copies, route }),
    ];
    stops.push(...[first, ...others].map((one) => async () => one.stop()));
    await writeRunbook(home, await here(file, port));
    lab = await startRunLab({ home, kubeconfigFolder: clusters.folder, runbook: group });
  });
  afterAll(async () => {
    await lab?.tearDown();
    await Promise.all(stops.map(async (stop) => stop()));
    await clusters?.stop();
    await rm(home, { recursive: true, force: true });
  });

  /** Without those that copy volumes. */
  const appsAt = async (cluster: Cluster): Promise<Example['everything']> => {
    const { ['']: _movers, ...apps } = await podsIn(cluster, namespace);
    return apps;
  };
  const pods = async () => ({ alpha: await appsAt(clusters.alpha), beta: await appsAt(clusters.beta) });

  /** Whoever is asked for approval gives it. */
  async function failBack(): Promise<void> {
    const run = await lab.run('failback');
    const { waitingFor } = await lab.until(
      run,
      ({ verdict, waitingFor: open }) => verdict !== undefined || open.length > 0,
    );
    expect(waitingFor.map(({ kind }) => kind)).toEqual(waitingFor.map(() => 'approval'));
    for (const { name } of waitingFor)
      await run.executeUpdate('decide', { args: [{ gate: name, by: 'ana@example.com', decision: 'approve' }] });
    await expect(run.result()).resolves.toMatchObject({ verdict: 'completed' });
  }

  test('runs through a full circle, and ends as it began', async () => {
    if (staged) await expect((await lab.run('stage')).result()).resolves.toBeDefined();
    if (drill) await lab.complete('drill');
    expect(await pods()).toEqual({ alpha: everything, beta: {} });
    await lab.complete('failover');
    expect(await pods()).toEqual({ alpha: {}, beta: everything });
    await lab.complete('reprotect');
    await failBack();
    expect(await pods()).toEqual({ alpha: everything, beta: {} });
    expect(await lab.state()).toMatchObject({ phase: 'Protected', activeSite: 'primary' });
  });
}
