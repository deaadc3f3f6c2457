import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { copyOf } from '../../core/model/drill';
import type { KubernetesSite, SiteSpec } from '../../core/model/site';
import type { VolumeSpec } from '../../core/model/volume';
import { isStatus } from '../../drivers/kubernetes/client/kube-error';
import { copyNamespaceName } from '../../drivers/kubernetes/copies/copy-name';
import type { KubeObject } from '../../drivers/kubernetes/kube-object';
import { createKubernetesReplication } from '../../drivers/kubernetes/kubernetes-replication';
import { createKubernetesWorkloads } from '../../drivers/kubernetes/kubernetes-workloads';
import { snapshotName } from '../../drivers/kubernetes/volumes/snapshots/volume-snapshot';
import type { Mutation } from '../../drivers/ports';
import type { Cluster } from '../../lab/kubernetes/cluster/start-cluster';
import { nodePlace } from '../../lab/kubernetes/nodes/node-place';
import { snapshotApi, snapshotClass } from '../../lab/kubernetes/volumes/snapshot-api';
import { snapshotFolder, type VolumeSnapshot } from '../../lab/kubernetes/volumes/snapshot-folders';
import { labImages } from '../../lab/kubernetes/images/lab-images';
import { describeContract, quietly } from '../contract/contract';
import { describeReplicationContract, replicationRules } from '../contract/replication-contract';
import type { ReplicationFixture } from '../contract/replication-fixture';
import { treeOf, writeFiles } from '../contract/volume-files';
import { until } from '../integration/faults/until';
import { claimFolder, claimsIn, folderOfClaim, volumeFolder } from './lab/claim-folder';
import { describeWithNodes } from './lab/describe-with-nodes';
import { makeNamespace } from './lab/objects';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';
import { claim } from './real/real-objects';

/** How recovery points are kept. */
type Kept = 'folders' | 'snapshots';

const group = 'shop';
/** Where the mover keeps what is no content of the volume. */
const ofTheMover = '.switchback';

let clusters: TwoClusters;
let namespaces = 0;

const clusterOf = ({ name }: SiteSpec): Cluster => (name === 'paris' ? clusters.alpha : clusters.beta);
const gateOf = ({ name }: SiteSpec) => (name === 'paris' ? clusters.gates.alpha : clusters.gates.beta);

function siteIn(cluster: 'alpha' | 'beta', namespace: string, kept: Kept): KubernetesSite {
  const site = clusters.site(cluster, namespace);
  const snapshots = kept === 'snapshots' ? { snapshots: { class: snapshotClass, claims: ['orders', 'another'] } } : {};
  const mover = { image: labImages.rsync, pullPolicy: 'Never', service: 'Pod', ...snapshots } as const;
  return { ...site, kubernetes: { ...site.kubernetes, mover }, drill: { address: '127.0.3.1' } };
}

const volumeIn = (name: string): VolumeSpec => ({
  name,
  kubernetes: { claims: { paris: name, berlin: name }, timeoutSeconds: 120 },
});

type Claim = KubeObject & { readonly spec: { readonly volumeName?: string } };

async function makeVolumes(cluster: Cluster, namespace: string): Promise<void> {
  await makeNamespace(cluster.client, namespace);
  for (const name of ['orders', 'another']) {
    await cluster.client.create(claimsIn(namespace), claim(name));
    await until(`claim ${name} is bound`, async () => existsSync((await claimFolder(cluster, namespace, name)) ?? ''));
  }
}

/** What a driver could have changed in a namespace: records, claims and what is in them, and what it would leave behind. */
async function snapshot(cluster: Cluster, namespace: string): Promise<unknown> {
  const { client } = cluster;
  const list = async <Item extends KubeObject>(path: string) =>
    (await client.get<{ items: readonly Item[] }>(path)).items;
  const claims = await list<Claim>(claimsIn(namespace));
  const maps = await list<KubeObject & { data?: object }>(`/api/v1/namespaces/${namespace}/configmaps`);
  const secrets = await list(`/api/v1/namespaces/${namespace}/secrets`);
  const services = await list(`/api/v1/namespaces/${namespace}/services`);
  return {
    snapshots: (await list(`${snapshotApi}/namespaces/${namespace}/volumesnapshots`)).map(
      ({ metadata }) => metadata.name,
    ),
    // A claim for one pod goes with its Job, when the cluster comes to it.
    volumes: claims
      .filter(({ metadata }) => metadata.ownerReferences === undefined)
      .map((each) => [each.metadata.name, treeOf(folderOfClaim(cluster, each) ?? '')]),
    maps: maps
      .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
      .map(({ metadata: { name, labels }, data }) => ({ name, labels, data })),
    others: [...secrets, ...services].map(({ metadata }) => metadata.name),
  };
}

/** Where the lab keeps the snapshots of a namespace, or that of a name. */
async function snapshotFolders(cluster: Cluster, namespace: string, name?: string): Promise<readonly string[]> {
  const { client, kubeconfig } = cluster;
  const collection = `${snapshotApi}/namespaces/${namespace}/volumesnapshots`;
  const { items } = await client.get<{ items: readonly VolumeSnapshot[] }>(collection);
  const { volumes } = nodePlace(path.dirname(kubeconfig));
  return items
    .filter(({ metadata }) => name === undefined || metadata.name === name)
    .map(({ status }) => snapshotFolder(volumes, status?.boundVolumeSnapshotContentName ?? ''));
}

async function setUp(kept: Kept): Promise<ReplicationFixture> {
  namespaces += 1;
  const namespace = `volumes-${namespaces}`;
  const [site, peer] = [siteIn('alpha', namespace, kept), siteIn('beta', namespace, kept)];
  await Promise.all([site, peer].map(async (each) => makeVolumes(clusterOf(each), namespace)));
  const options = { kubeconfigFolder: clusters.folder, forcedWithinMs: 2_000 };
  const driver = createKubernetesReplication(options);
  const workloads = createKubernetesWorkloads(options);
  const copyNamespace = copyNamespaceName(namespace, copyOf(group));
  const disturbances: NodeJS.Timeout[] = [];
  const folder = async (at: SiteSpec, name: string, within = namespace): Promise<string> =>
    volumeFolder(clusterOf(at), within, name);
  const ofCopy = (operationKey: string): Mutation => ({ group: copyOf(group), epoch: 1, operationKey });
  const pointsFolders = async (at: SiteSpec, { name }: VolumeSpec): Promise<readonly string[]> =>
    kept === 'folders' ? [await folder(at, `switchback-points-${name}`)] : snapshotFolders(clusterOf(at), namespace);
  const volume: VolumeSpec = { ...volumeIn('orders'), marker: { file: 'orders.log' } };
  return {
    driver,
    group,
    site,
    peer,
    volume,
    another: volumeIn('another'),
    largeFileBytes: 1 << 20,
    state: async () => {
      const looks = [site, peer].flatMap((each) =>
        [namespace, copyNamespace].map(async (within) => snapshot(clusterOf(each), within)),
      );
      return Promise.all(looks);
    },
    isolate: async (each) => gateOf(each).close(),
    reconnect: async (each) => gateOf(each).open(),
    write: async (at, { name }, files) => writeFiles(await folder(at, name), files),
    link: async (at, { name }, link, target) => symlinkSync(target, path.join(await folder(at, name), link)),
    remove: async (at, { name }, file) => rmSync(path.join(await folder(at, name), file)),
    tree: async (at, { name }) => treeOf(await folder(at, name), [ofTheMover]),
    prepareCopy: async (at, key) => (await workloads.prepareCopy(at, ofCopy(key), quietly())).removed,
    removeCopy: async (at, key) => void (await workloads.removeCopy(at, ofCopy(key), quietly())),
    writeCopy: async (at, { name }, files) => writeFiles(await folder(at, name, copyNamespace), files),
    fence: async (at, epoch) =>
      void (await workloads.fence(at, { group, epoch, operationKey: 'test/fence' }, quietly())),
    disturbed: async (at, { name }) => {
      const file = path.join(await folder(at, name), 'disturbance');
      disturbances.push(setInterval(() => appendFileSync(file, '.'), 5));
      return quietly();
    },
    damage: async (at, point) => {
      const [points = ''] =
        kept === 'folders'
          ? [path.join(await folder(at, `switchback-points-${volume.name}`), point.id)]
          : await snapshotFolders(clusterOf(at), namespace, snapshotName(point.id));
      // In place, so that the damage is in every point that shares the file.
      writeFileSync(path.join(points, 'orders.log'), 'spoilt');
    },
    storedBytes: async (at, stored) => {
      const folders = [await folder(at, stored.name), ...(await pointsFolders(at, stored))];
      const output = execFileSync('du', ['-sk', ...folders], { encoding: 'utf8' }).trim();
      return output.split('\n').reduce((sum, line) => sum + Number(line.split('\t')[0]) * 1024, 0);
    },
    tearDown: async () => {
      disturbances.forEach((timer) => clearInterval(timer));
      for (const gate of Object.values(clusters.gates)) gate.open();
      for (const each of [driver, workloads]) each.close();
      await Promise.all([site, peer].map(async (each) => removeAll(clusterOf(each), [namespace, copyNamespace])));
    },
  };
}

/** Begins to: the end of a namespace takes its time. */
async function removeAll({ client }: Cluster, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await client.text({ method: 'DELETE', path: `/api/v1/namespaces/${name}` }).catch((error: unknown) => {
      if (!isStatus(error, 404) && !isStatus(error, 409)) throw error;
    });
  }
}

describeWithNodes('on process nodes', () => {
  beforeAll(async () => void (clusters = await startTwoClusters({ nodes: 'process' })));
  afterAll(async () => clusters.stop());
  describeReplicationContract('volumes of Kubernetes sites', async () => setUp('folders'));
  const others = replicationRules.filter((rule) => rule.of !== 'ReplicationDriver.sync');
  describeContract('whose recovery points are snapshots', others, async () => setUp('snapshots'));
});
