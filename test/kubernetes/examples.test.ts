import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { copyOf } from '../../core/model/drill';
import { copyNamespaceName } from '../../drivers/kubernetes/copies/copy-name';
import { writeRunbook } from '../integration/workflows/write-runbook';
import { deployment, deploymentsIn, makeNamespace } from './lab/objects';
import { podsIn } from './lab/pods-in';
import { startRunLab, type RunLab } from './lab/run-lab';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';
import { startLoadBalancer } from './shop/load-balancer';
import { cronJob, pathsOf, service } from './shop/shop-objects';

const namespace = 'shop';
const examples = path.join(__dirname, '../../runbooks/examples');

/** The example at the sites of this machine. Its traffic is left out: Route 53 has tests of its own. */
async function here(file: string, port: number): Promise<string> {
  const text = await readFile(path.join(examples, file), 'utf8');
  return text
    .replace(/^traffic:[\s\S]*/m, '')
    .replaceAll('192.0.2.10', '127.0.1.1')
    .replaceAll('198.51.100.10', '127.0.2.1')
    .replaceAll('198.51.100.30', '127.0.4.1')
    .replaceAll('192.0.2.30', '127.0.3.1')
    .replaceAll('10.0.0.0/16', '127.0.0.0/8')
    .replaceAll('context: frankfurt', 'kubeconfig: kubeconfig, context: alpha')
    .replaceAll('context: dublin', 'kubeconfig: kubeconfig, context: beta')
    .replaceAll('port: 80,', `port: ${port},`);
}

describe.each([
  ['kubernetes-staged.yaml', 'drill'],
  ['kubernetes-route53.yaml', undefined],
] as const)('the example %s', (file, drill) => {
  const group = file.replace('.yaml', '');
  const everything = { api: 3, web: 2 };
  let home: string;
  let clusters: TwoClusters;
  let lab: RunLab;
  const stops: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'switchback-examples-'));
    clusters = await startTwoClusters();
    const { alpha, beta } = clusters;
    const paths = pathsOf(namespace);
    await Promise.all([alpha, beta].map(async ({ client }) => makeNamespace(client, namespace)));
    await alpha.client.create(paths.cronjobs, cronJob('report', true));
    for (const [name, replicas] of Object.entries(everything)) {
      await alpha.client.create(deploymentsIn(namespace), deployment(name, replicas));
      await alpha.client.create(paths.services, service(name));
      if (drill !== undefined) continue;
      // Nobody stages this one.
      await beta.client.create(deploymentsIn(namespace), deployment(name, 0));
      await beta.client.create(paths.services, service(name));
    }
    const first = await startLoadBalancer({ address: '127.0.1.1', port: 0, cluster: alpha, namespace });
    const { port } = first;
    const copies = copyNamespaceName(namespace, copyOf(group));
    const others = [
      await startLoadBalancer({ address: '127.0.2.1', port, cluster: beta, namespace }),
      await startLoadBalancer({ address: '127.0.4.1', port, cluster: beta, namespace: copies }),
    ];
    stops.push(...[first, ...others].map((one) => async () => one.stop()));
    await writeRunbook(home, await here(file, port));
    lab = await startRunLab({ home, kubeconfigFolder: clusters.folder, runbook: group });
  });
  afterAll(async () => {
    await lab.tearDown();
    await Promise.all(stops.map(async (stop) => stop()));
    await clusters.stop();
    await rm(home, { recursive: true, force: true });
  });

  const pods = async () => ({
    alpha: await podsIn(clusters.alpha, namespace),
    beta: await podsIn(clusters.beta, namespace),
  });

  test('runs through a full circle, and ends as it began', async () => {
    if (drill !== undefined) {
      await expect((await lab.run('stage')).result()).resolves.toBeDefined();
      await lab.complete('drill');
    }
    expect(await pods()).toEqual({ alpha: everything, beta: {} });
    await lab.complete('failover');
    expect(await pods()).toEqual({ alpha: {}, beta: everything });
    await lab.complete('reprotect');
    await lab.complete('failback');
    expect(await pods()).toEqual({ alpha: everything, beta: {} });
    expect(await lab.state()).toMatchObject({ phase: 'Protected', activeSite: 'primary' });
  });
});
