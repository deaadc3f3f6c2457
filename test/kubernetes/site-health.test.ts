import type { HealthFinding } from '../../core/model/site';
import type { KubeList, KubeObject } from '../../drivers/kubernetes/kube-object';
import { createKubernetesWorkloads, type KubernetesWorkloads } from '../../drivers/kubernetes/kubernetes-workloads';
import { quietly } from '../contract/contract';
import { until } from '../integration/faults/until';
import { deployment, deploymentsIn, makeNamespace } from './lab/objects';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';

let clusters: TwoClusters;
let driver: KubernetesWorkloads;
let namespace: string;
let tests = 0;

beforeAll(async () => {
  clusters = await startTwoClusters();
  driver = createKubernetesWorkloads({ kubeconfigFolder: clusters.folder });
});
afterAll(async () => {
  driver?.close();
  await clusters?.stop();
});
beforeEach(async () => {
  tests += 1;
  namespace = `health-${tests}`;
  await makeNamespace(clusters.alpha.client, namespace);
});

const finding = async (name: string, of = namespace): Promise<HealthFinding | undefined> =>
  (await driver.siteHealth(clusters.site('alpha', of), quietly())).findings.find((one) => one.name === name);
const nodesAt = async (): Promise<readonly KubeObject[]> =>
  (await clusters.alpha.client.get<KubeList<KubeObject>>('/api/v1/nodes')).items;
const change = async (path: string, body: object): Promise<unknown> => clusters.alpha.client.patch(path, body);
const remove = async (path: string): Promise<unknown> => clusters.alpha.client.request({ method: 'DELETE', path });

test('nodes: one that takes pods is enough; none, and it is said what to look at', async () => {
  const [first, second] = (await nodesAt()).map(({ metadata }) => `/api/v1/nodes/${metadata.name}`);
  const takesPods = async (node: string | undefined, takes: boolean) =>
    change(node ?? '', { spec: { unschedulable: takes ? null : true } });
  await takesPods(first, false);
  expect(await finding('nodes')).toMatchObject({ ok: true, saw: '1 of 2 nodes are Ready and take pods' });
  await takesPods(second, false);
  expect(await finding('nodes')).toEqual({
    name: 'nodes',
    ok: false,
    saw: '0 of 2 nodes are Ready and take pods',
    fix: expect.stringContaining('kubectl get nodes'),
  });
  for (const node of [first, second]) await takesPods(node, true);
  expect(await finding('nodes')).toMatchObject({ ok: true, saw: '2 of 2 nodes are Ready and take pods' });
});

test('namespace: missing, and being removed', async () => {
  expect(await finding('namespace', 'nowhere')).toEqual({
    name: 'namespace',
    ok: false,
    saw: 'there is no namespace nowhere',
    fix: 'kubectl create namespace nowhere',
  });
  const held = { metadata: { name: 'held', finalizers: ['example.invalid/held'] } };
  await clusters.alpha.client.create(`/api/v1/namespaces/${namespace}/configmaps`, held);
  await remove(`/api/v1/namespaces/${namespace}`);
  expect(await finding('namespace')).toMatchObject({
    ok: false,
    saw: `${namespace} is Terminating`,
    fix: expect.stringContaining('wait until it is gone'),
  });
  await change(`/api/v1/namespaces/${namespace}/configmaps/held`, { metadata: { finalizers: null } });
});

test('volume claims: one without its storage class is named; one that waits for its first pod is in order', async () => {
  const classes = '/apis/storage.k8s.io/v1/storageclasses';
  const make = async (name: string, storageClassName: string) =>
    clusters.alpha.client.create(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
      metadata: { name },
      spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
    });
  await clusters.alpha.client.create(classes, {
    metadata: { name: 'late' },
    provisioner: 'example.invalid/late',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  await make('waits', 'late');
  expect(await finding('volume claims')).toMatchObject({ ok: true, saw: '0 of 1 are bound' });
  await make('lost', 'gone');
  await until('it is looked at', async () => (await finding('volume claims'))?.ok === false);
  expect(await finding('volume claims')).toEqual({
    name: 'volume claims',
    ok: false,
    saw: 'lost is Pending, storage class gone',
    fix: expect.stringContaining('create the storage class'),
  });
});

test.each(['validatingadmissionpolicies', 'validatingadmissionpolicybindings'])(
  'fence policy: without its %s a fence would keep nothing out, and who mends it is said',
  async (kind) => {
    const collection = `/apis/admissionregistration.k8s.io/v1/${kind}`;
    const path = `${collection}/switchback-fence`;
    expect(await finding('fence policy')).toMatchObject({ ok: true });
    const there = await clusters.alpha.client.get<KubeObject & { spec: object }>(path);
    await remove(path);
    expect(await finding('fence policy')).toEqual({
      name: 'fence policy',
      ok: false,
      saw: `${kind} has no switchback-fence: a fence would keep nothing out`,
      fix: expect.stringContaining('kubectl apply -f deploy/kubernetes/fence-policy.yaml'),
    });
    await clusters.alpha.client.create(collection, { metadata: { name: 'switchback-fence' }, spec: there.spec });
  },
);

describe('quota', () => {
  const quotaOf = async (hard: Readonly<Record<string, string>>): Promise<HealthFinding | undefined> => {
    const path = `/api/v1/namespaces/${namespace}/resourcequotas`;
    await clusters.alpha.client.create(path, { metadata: { name: 'small' }, spec: { hard } });
    await until('what is used is known', async () => {
      const { status } = await clusters.alpha.client.get<{ status?: { used?: object } }>(`${path}/small`);
      return status?.used !== undefined;
    });
    return finding('quota');
  };
  const stopped = async (resources: object, annotations: Readonly<Record<string, string>>): Promise<void> => {
    const made = deployment('api', 0) as { metadata: object; spec: { template: { metadata: object } } };
    const spec = { containers: [{ name: 'main', image: 'example.invalid/app:1', resources }] };
    await clusters.alpha.client.create(deploymentsIn(namespace), {
      ...made,
      metadata: { ...made.metadata, annotations },
      spec: { ...made.spec, template: { ...made.spec.template, spec } },
    });
  };
  const three = { 'switchback.dev/original-replicas': '3' };

  test.each([
    ['limits.memory', { limits: { memory: '1Gi' } }, '2Gi'],
    ['limits.cpu', { limits: { cpu: '2' }, requests: { cpu: '1m' } }, '5'],
    ['requests.memory', { limits: { memory: '1Gi' } }, '2Gi'],
    ['cpu', { requests: { cpu: '1' } }, '2'],
  ])('of %s that what is stopped would not fit into is told', async (resource, resources, hard) => {
    await stopped(resources, three);
    expect(await quotaOf({ [resource]: hard })).toMatchObject({
      ok: false,
      saw: `what is stopped needs 3 pods: quota small allows ${resource} ${hard}, of which 0 is used`,
    });
  });

  test('that leaves room is in order; what no number is known of is named', async () => {
    await stopped({ limits: { cpu: '2' } }, {});
    expect(await quotaOf({ 'limits.cpu': '5' })).toMatchObject({
      ok: true,
      saw: 'what is stopped needs 0 pods without api, of which no number is recorded, which the quotas leave room for',
    });
  });
});
