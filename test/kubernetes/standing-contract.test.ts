import type { KubernetesSite, SiteSpec } from '../../core/model/site';
import type { VolumeSpec } from '../../core/model/volume';
import type { Pod } from '../../drivers/kubernetes/kube-object';
import { createKubernetesWorkloads } from '../../drivers/kubernetes/kubernetes-workloads';
import type { StandingRequest } from '../../drivers/standing-port';
import { describeStandingContract, type StandingFixture } from '../contract/standing-contract';
import { quietly } from '../contract/contract';
import { until } from '../integration/faults/until';
import { cordon } from './lab/cordon';
import { deployment, deploymentsIn, makeNamespace } from './lab/objects';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';

const namespace = 'standing';
let clusters: TwoClusters;

beforeAll(async () => {
  clusters = await startTwoClusters();
  await makeNamespace(clusters.alpha.client, namespace);
  await Promise.all(['orders', 'images'].map(boundClaim));
});
afterAll(async () => clusters?.stop());

const volumeOf = (name: string, site: SiteSpec): VolumeSpec => ({
  name,
  kubernetes: { claims: { [site.name]: name }, timeoutSeconds: 60 },
});

/** Two pods that mount the claim `orders`; nothing mounts `images`. */
async function setUp(): Promise<StandingFixture> {
  const [site, peer] = [clusters.site('alpha', namespace), clusters.site('beta', namespace)];
  const { client } = clusters.alpha;
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  await client.create(deploymentsIn(namespace), deployment('ledger', 2, { claims: ['orders'] }));
  const driver = createKubernetesWorkloads({ kubeconfigFolder: clusters.folder });
  const whole = requestOf(site);
  const isWhole = async (): Promise<boolean> => (await driver.standing(whole, quietly())).lacks.length === 0;
  await until('both pods are up', isWhole);
  const podsOf = async () => (await client.get<{ items: Pod[] }>(pods)).items;
  const removePod = async (): Promise<void> => {
    const [pod] = await podsOf();
    const { name, uid } = pod?.metadata ?? { name: '', uid: '' };
    await client.text({ method: 'DELETE', path: `${pods}/${name}`, body: { gracePeriodSeconds: 0 } });
    await until('the pod is gone', async () => (await podsOf()).every(({ metadata }) => metadata.uid !== uid));
  };
  return {
    group: 'shop',
    site,
    peer,
    driver,
    whole,
    takeDown: async () => {
      await cordon(clusters.alpha.client, true);
      await removePod();
      await until('another one waits for a node', async () => (await podsOf()).length === 2);
    },
    startAnew: async () => {
      await cordon(clusters.alpha.client, null);
      await removePod();
      await until('both pods are up', isWhole);
    },
    withoutVolume: async () => ({ ...whole, volumes: [...whole.volumes, volumeOf('images', site)] }),
    isolate: async () => clusters.gates.alpha.close(),
    reconnect: async () => clusters.gates.alpha.open(),
    // Nodes go on writing the status of pods down.
    state: async () =>
      (await podsOf()).map(({ metadata: { uid, labels, annotations, deletionTimestamp }, spec }) => {
        return { uid, labels, annotations, deletionTimestamp, spec };
      }),
    tearDown: async () => {
      clusters.gates.alpha.open();
      driver.close();
      await cordon(clusters.alpha.client, null);
      await client.request({ method: 'DELETE', path: `${deploymentsIn(namespace)}/ledger` });
      await until('all pods are gone', async () => (await podsOf()).length === 0);
    },
  };
}

const requestOf = (site: KubernetesSite): StandingRequest => ({
  group: 'shop',
  site,
  workload: {
    ...{ name: 'ledger', priority: 1, dependsOn: [], volumes: ['orders'], stopGraceSeconds: 5, checks: [] },
    kubernetes: { kind: 'Deployment', name: 'ledger' },
  },
  volumes: [volumeOf('orders', site)],
  epoch: 0,
});

/** Bound by hand, as nothing provides volumes here; the controller that does it looks every 15 s. */
async function boundClaim(name: string): Promise<void> {
  const { client } = clusters.alpha;
  const volumeName = `${namespace}-${name}`;
  const [size, ways] = [{ storage: '1Gi' }, { accessModes: ['ReadWriteOnce'], storageClassName: '' }];
  await client.create(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
    metadata: { name },
    spec: { ...ways, resources: { requests: size }, volumeName },
  });
  await client.create('/api/v1/persistentvolumes', {
    metadata: { name: volumeName },
    spec: { ...ways, capacity: size, hostPath: { path: `/var/lib/${volumeName}` }, claimRef: { namespace, name } },
  });
  const isBound = async (): Promise<boolean> => {
    const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`;
    return (await client.get<{ status?: { phase?: string } }>(path)).status?.phase === 'Bound';
  };
  await until(`claim ${name} is bound`, isBound);
}

describeStandingContract('Kubernetes workloads, how they stand', setUp);
