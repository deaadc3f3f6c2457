import type { SiteSpec } from '../../../core/model/site';
import { isStatus } from '../../../drivers/kubernetes/client/kube-error';
import type { KubeObject, WorkloadObject } from '../../../drivers/kubernetes/kube-object';
import { createKubernetesStage } from '../../../drivers/kubernetes/kubernetes-stage';
import type { Cluster } from '../../../lab/kubernetes/cluster/start-cluster';
import type { PairOfSites, StageFixture } from '../../contract/stage-fixture';
import { deployment, makeNamespace } from '../lab/objects';
import type { TwoClusters } from '../lab/two-clusters';
import { allowWorker } from './worker-access';

const collections = {
  settings: ['v1', 'configmaps'],
  secret: ['v1', 'secrets'],
  claim: ['v1', 'persistentvolumeclaims'],
  workload: ['apps/v1', 'deployments'],
} as const;

type What = keyof typeof collections;

/** What a test does by hand is done in another name than Switchback's. */
const byHand = { fieldManager: 'a-person' };

let namespaces = 0;

/** A namespace of its own on each of the two clusters. */
export async function setUpStage(clusters: TwoClusters): Promise<StageFixture> {
  namespaces += 1;
  const namespace = `stage-${namespaces}`;
  const clusterOf = ({ name }: SiteSpec): Cluster => (name === 'paris' ? clusters.alpha : clusters.beta);
  const gateOf = ({ name }: SiteSpec) => (name === 'paris' ? clusters.gates.alpha : clusters.gates.beta);
  const sites: PairOfSites = {
    primary: clusters.site('alpha', namespace),
    recovery: clusters.site('beta', namespace),
  };
  const [site, peer] = [sites.primary, sites.recovery];
  const limited: PairOfSites = {
    primary: clusters.workerSite('alpha', namespace),
    recovery: clusters.workerSite('beta', namespace),
  };
  const pathOf = (what: What, name = ''): string => {
    const [apiVersion, plural] = collections[what];
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    return `${root}/namespaces/${namespace}/${plural}${name && `/${name}`}`;
  };
  const write = async (at: SiteSpec, what: What, object: object): Promise<void> => {
    const { client } = clusterOf(at);
    const { name } = (object as KubeObject).metadata;
    await client.create(pathOf(what), object).catch(async (error: unknown) => {
      if (!isStatus(error, 409)) throw error;
      await client.patch(pathOf(what, name), object, undefined, byHand);
    });
  };
  const items = async (at: SiteSpec, what: What): Promise<readonly KubeObject[]> =>
    (await clusterOf(at).client.get<{ items: KubeObject[] }>(pathOf(what))).items;
  const put = async (at: SiteSpec, name: string, text: string): Promise<void> =>
    write(at, 'settings', { metadata: { name }, data: { text } });
  await Promise.all(
    [clusters.alpha, clusters.beta].map(async ({ client }) => {
      await makeNamespace(client, namespace);
      await allowWorker(client, namespace, ({ resource }) => resource !== 'secrets');
    }),
  );
  await put(site, 'settings', 'first');
  await write(site, 'claim', {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  await write(site, 'workload', deployment('web', 2));
  const driver = createKubernetesStage({ kubeconfigFolder: clusters.folder });
  return {
    group: 'shop',
    site,
    peer,
    sites,
    limited,
    driver,
    put,
    hide: async (at, name, text) => write(at, 'secret', { metadata: { name }, stringData: { text } }),
    remove: async (at, what, name) => {
      const body = what === 'claim' ? { gracePeriodSeconds: 0 } : {};
      await clusterOf(at).client.text({ method: 'DELETE', path: pathOf(what, name), body });
      // Claims are protected until the controller has seen that nothing uses them.
      while ((await items(at, what)).some(({ metadata }) => metadata.name === name)) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    read: async (at, name) =>
      (await clusterOf(at).client.get<{ data: { text?: string } }>(pathOf('settings', name))).data.text,
    names: async (at, what) =>
      (await items(at, what))
        .map(({ metadata }) => metadata.name)
        .filter((name) => name !== 'kube-root-ca.crt' && !name.startsWith('switchback-'))
        .sort(),
    wanted: async (at, name) =>
      (await clusterOf(at).client.get<WorkloadObject>(pathOf('workload', name))).spec.replicas ?? 1,
    scale: async (at, name, replicas) => {
      await clusterOf(at).client.patch(`${pathOf('workload', name)}/scale`, { spec: { replicas } }, undefined, byHand);
    },
    fence: async (at, fencing, epoch) => {
      const metadata = { name: 'switchback-fence-shop', labels: { 'switchback.dev/fence': 'shop' } };
      await write(at, 'settings', { metadata, data: { epoch: String(epoch), fencing, setBy: 'the test' } });
    },
    isolate: async (at) => gateOf(at).close(),
    reconnect: async (at) => gateOf(at).open(),
    // The versions of objects show every write; of workloads and claims those of their controllers too, which say nothing here.
    state: async () => {
      const all = await Promise.all(
        [site, peer].flatMap((at) =>
          (Object.keys(collections) as What[]).map(async (what) => ({ at, what, found: await items(at, what) })),
        ),
      );
      return all.flatMap(({ at, what, found }) =>
        found.map(({ metadata }) => {
          const version = what === 'workload' || what === 'claim' ? metadata.generation : metadata.resourceVersion;
          const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) =>
            key.startsWith('switchback.dev/'),
          );
          return [at.name, what, metadata.name, metadata.uid, version, annotations];
        }),
      );
    },
    tearDown: async () => {
      gateOf(site).open();
      gateOf(peer).open();
      driver.close();
    },
  };
}
