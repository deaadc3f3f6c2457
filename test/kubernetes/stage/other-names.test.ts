import type { Cluster } from '../../../lab/kubernetes/cluster/start-cluster';
import { podsIn } from '../lab/pods-in';
import { startShopLab, type ShopLab } from '../shop/shop-lab';
import { bindingOf, pathIn, pathsOf } from '../shop/shop-objects';

const [home, away] = ['shop', 'shop-dr'];
const everything = { agent: 2, api: 3, queue: 2, 'web-one': 1, 'web-two': 1 };

let lab: ShopLab;
beforeAll(async () => {
  const maps = {
    storageClasses: { gp3: 'standard' },
    images: { 'example.invalid/': 'mirror.invalid/shop/' },
    ingressHosts: { 'shop.example.com': 'shop.dr.example.com' },
  };
  lab = await startShopLab({ stagedEvery: '1h', standbyNamespace: away, maps });
  await Promise.all([makeClass(lab.clusters.alpha, 'gp3'), makeClass(lab.clusters.beta, 'standard')]);
});
afterAll(async () => lab.tearDown());

const claims = (namespace: string, name = ''): string =>
  `/api/v1/namespaces/${namespace}/persistentvolumeclaims${name && `/${name}`}`;

const ingresses = (namespace: string, name = ''): string =>
  `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses${name && `/${name}`}`;

/** What names its namespace, or is called otherwise at the other site. */
async function make({ client }: Cluster, namespace: string, at: { name: string; host: string; storage: string }) {
  const { name, host, storage } = at;
  const backend = { service: { name: 'api', port: { number: 80 } } };
  const http = { paths: [{ path: '/', pathType: 'Prefix', backend }] };
  const spec = {
    storageClassName: storage,
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
  };
  const elsewhere = { kind: 'ServiceAccount', name: 'monitor', namespace: 'monitoring' };
  const binding = bindingOf('reader', namespace) as { subjects: object[] };
  await client.create(pathsOf(namespace).rolebindings, {
    ...binding,
    metadata: { name },
    subjects: [...binding.subjects, elsewhere],
  });
  await client.create(claims(namespace), { metadata: { name }, spec });
  await client.create(ingresses(namespace), { metadata: { name }, spec: { rules: [{ host, http }] } });
}

async function seen({ client }: Cluster, namespace: string, name: string) {
  const binding = await client.get<{ subjects: { namespace: string }[] }>(pathIn(namespace, 'rolebindings', name));
  const claim = await client.get<{ spec: { storageClassName: string } }>(claims(namespace, name));
  const ingress = await client.get<{ spec: { rules: { host: string }[] } }>(ingresses(namespace, name));
  return {
    subjects: binding.subjects.map((subject) => subject.namespace),
    storage: claim.spec.storageClassName,
    host: ingress.spec.rules[0]?.host,
  };
}

async function imageAt({ client }: Cluster, namespace: string): Promise<string | undefined> {
  const path = pathIn(namespace, 'deployments', 'api');
  const { spec } = await client.get<{ spec: { template: { spec: { containers: { image: string }[] } } } }>(path);
  return spec.template.spec.containers[0]?.image;
}

/** A claim of a class that is not there would make the site an unhealthy one. */
const makeClass = async ({ client }: Cluster, name: string): Promise<unknown> =>
  client.create('/apis/storage.k8s.io/v1/storageclasses', {
    metadata: { name },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  });

const stage = async (): Promise<unknown> => (await lab.run('stage')).result();

test('namespaces of two names, there and back: subjects, images, storage classes and hosts are those of each site', async () => {
  const { alpha, beta } = lab.clusters;
  await make(alpha, home, { name: 'first', host: 'shop.example.com', storage: 'gp3' });
  await expect(stage()).resolves.toMatchObject({ from: 'paris', to: 'berlin', kept: [], troubles: [] });
  expect(await seen(beta, away, 'first')).toEqual({
    subjects: [away, 'monitoring'],
    storage: 'standard',
    host: 'shop.dr.example.com',
  });
  await lab.complete('failover');
  expect(await podsIn(beta, away)).toEqual(everything);
  expect(await podsIn(alpha, home)).toEqual({});
  expect(await imageAt(beta, away)).toBe('mirror.invalid/shop/app:1');

  // Made while the recovery site serves.
  await make(beta, away, { name: 'second', host: 'shop.dr.example.com', storage: 'standard' });
  await beta.client.patch(pathIn(away, 'deployments', 'api'), {
    spec: { template: { spec: { containers: [{ name: 'main', image: 'mirror.invalid/shop/app:2' }] } } },
  });
  await expect(stage()).resolves.toMatchObject({ from: 'berlin', to: 'paris', troubles: [] });
  expect(await seen(alpha, home, 'second')).toEqual({
    subjects: [home, 'monitoring'],
    storage: 'gp3',
    host: 'shop.example.com',
  });
  expect(await imageAt(alpha, home)).toBe('example.invalid/app:2');
  await lab.complete('reprotect');
  await lab.complete('failback');
  expect(await podsIn(alpha, home)).toEqual(everything);
  expect(await podsIn(beta, away)).toEqual({});
  await expect(stage()).resolves.toMatchObject({ from: 'paris', to: 'berlin', created: 0, deleted: 0, troubles: [] });
});
