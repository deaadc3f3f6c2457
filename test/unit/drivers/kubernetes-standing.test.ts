import type { VolumeSpec } from '../../../core/model/volume';
import type { WorkloadSpec } from '../../../core/model/workload';
import type { SiteCluster } from '../../../drivers/kubernetes/cluster';
import type { Pod } from '../../../drivers/kubernetes/kube-object';
import { standingOf } from '../../../drivers/kubernetes/workloads/standing';

const workload = { name: 'orders', kubernetes: { kind: 'Deployment', name: 'orders' } } as WorkloadSpec;
const volumes: readonly VolumeSpec[] = [
  { name: 'data', kubernetes: { claims: { paris: 'orders-data' }, timeoutSeconds: 60 } },
];

interface PodAs {
  readonly ready?: boolean;
  readonly restarts?: number;
  readonly mounted?: boolean;
}

const pod = (name: string, { ready = true, restarts = 0, mounted = true }: PodAs = {}): Pod => ({
  metadata: { name, uid: name, resourceVersion: '1', labels: { app: 'orders' } },
  spec: {
    volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'orders-data' } }],
    containers: [{ name: 'main', ...(mounted && { volumeMounts: [{ name: 'v' }] }) }],
  },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    containerStatuses: [{ name: 'main', restartCount: restarts }],
  },
});

/** What an API server lists, for a Deployment of two. */
function cluster(pods: readonly Pod[], phase = 'Bound'): SiteCluster {
  const object = {
    metadata: { name: 'orders', uid: 'orders', resourceVersion: '1' },
    spec: { replicas: 2, selector: { matchLabels: { app: 'orders' } } },
  };
  const claims = [{ metadata: { name: 'orders-data' }, spec: {}, status: { phase } }];
  return {
    site: { name: 'paris' },
    find: async () => object,
    list: async (_version: string, plural: string) => (plural === 'pods' ? pods : claims),
  } as unknown as SiteCluster;
}

const standing = async (pods: readonly Pod[], phase?: string) =>
  standingOf(cluster(pods, phase), { workload, volumes });

test('all pods Ready with the claim in a container: nothing is lacking', async () => {
  expect(await standing([pod('a'), pod('b')])).toMatchObject({
    lacks: [],
    saw: 'orders: 2 of 2 pods Ready, volume data is mounted from claim orders-data',
  });
});

test('half the replicas', async () => {
  expect((await standing([pod('a'), pod('b', { ready: false })])).lacks).toEqual(['orders: 1 of 2 pods Ready, not b']);
});

test('ready before the volume is mounted: the claim is in no container', async () => {
  expect((await standing([pod('a', { mounted: false }), pod('b', { mounted: false })])).lacks).toEqual([
    'volume data is not mounted: no pod that is Ready mounts claim orders-data in a container',
  ]);
});

test('ready before the volume is mounted: the claim is not bound', async () => {
  expect((await standing([pod('a'), pod('b')], 'Pending')).lacks).toEqual([
    'volume data: claim orders-data is Pending, not Bound',
  ]);
});

test.each([
  ['a container was started anew', [pod('a', { restarts: 1 }), pod('b')]],
  ['a pod was replaced', [pod('a'), pod('c')]],
])('flapping: %s is another incarnation', async (_case, pods) => {
  const { incarnation } = await standing([pod('a'), pod('b')]);
  expect((await standing([pod('b'), pod('a')])).incarnation).toBe(incarnation);
  expect((await standing(pods)).incarnation).not.toBe(incarnation);
});
