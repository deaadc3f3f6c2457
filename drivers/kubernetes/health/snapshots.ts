import type { HealthFinding, KubernetesSnapshots } from '../../../core/model/site';
import { isStatus } from '../client/kube-error';
import type { SiteCluster } from '../cluster';
import type { KubeList, KubeObject } from '../kube-object';
import type { Claim } from '../volumes/volume-place';

interface SnapshotClass extends KubeObject {
  readonly driver: string;
}

interface StorageClass extends KubeObject {
  readonly provisioner: string;
}

const name = 'snapshots';
const api = '/apis/snapshot.storage.k8s.io/v1';

/** Looked at where recovery points are snapshots: whether the cluster takes them, of the class that is named and of these claims. */
export const snapshotsOf =
  (wanted: KubernetesSnapshots) =>
  async (cluster: SiteCluster): Promise<HealthFinding> => {
    if ((await find(cluster, api)) === undefined) {
      const saw = `the cluster has no VolumeSnapshots: it does not serve ${api}`;
      const fix =
        'install the definitions and the controller of https://github.com/kubernetes-csi/external-snapshotter, or take mover.snapshotClass out of the site';
      return { name, ok: false, saw, fix };
    }
    const path = `${api}/volumesnapshotclasses/${encodeURIComponent(wanted.class)}`;
    const found = await find<SnapshotClass>(cluster, path);
    if (found === undefined) {
      const saw = `there is no VolumeSnapshotClass "${wanted.class}"`;
      const fix = 'create it, or name one that `kubectl get volumesnapshotclasses` shows in mover.snapshotClass';
      return { name, ok: false, saw, fix };
    }
    return ofClaims(cluster, wanted, found.driver);
  };

async function ofClaims(cluster: SiteCluster, wanted: KubernetesSnapshots, driver: string): Promise<HealthFinding> {
  const claims = await cluster.list<Claim>('v1', 'persistentvolumeclaims');
  const ours = claims.filter(({ metadata }) => wanted.claims.includes(metadata.name));
  const provisioners = await Promise.all(ours.map(async (claim) => provisionerOf(cluster, claim)));
  const wrong = ours.flatMap(({ metadata }, at) =>
    provisioners[at] === driver ? [] : [`claim ${metadata.name} is provided by ${provisioners[at] ?? 'nobody known'}`],
  );
  if (wrong.length === 0) {
    const saw = `class ${wanted.class} of driver ${driver} takes them of ${ours.length} claims`;
    return { name, ok: true, saw };
  }
  const saw = `class ${wanted.class} is of driver ${driver}, but ${wrong.join(', ')}`;
  const fix =
    'name a class of that driver in mover.snapshotClass, or take it out of the site: recovery points are folders then';
  return { name, ok: false, saw, fix };
}

const provisionedBy = ['volume.kubernetes.io/storage-provisioner', 'volume.beta.kubernetes.io/storage-provisioner'];

/** As the cluster has written on the claim; one that was bound by hand may have a class that says it. */
async function provisionerOf(cluster: SiteCluster, { metadata, spec }: Claim): Promise<string | undefined> {
  const { annotations = {} } = metadata;
  const written = provisionedBy.map((key) => annotations[key]).find((value) => value !== undefined);
  if (written !== undefined) return written;
  const path = '/apis/storage.k8s.io/v1/storageclasses';
  const { items } = await cluster.shared(path, async () => cluster.client.get<KubeList<StorageClass>>(path));
  return items.find((one) => one.metadata.name === spec.storageClassName)?.provisioner;
}

async function find<Found>(cluster: SiteCluster, path: string): Promise<Found | undefined> {
  try {
    return await cluster.client.get<Found>(path);
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}
