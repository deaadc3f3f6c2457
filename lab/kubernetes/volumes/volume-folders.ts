import { chmod, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import { isStatus } from '../../../drivers/kubernetes/client/kube-error';
import { provisioner, storageClass } from './storage-class';

const claimsPath = '/api/v1/persistentvolumeclaims';
const volumesPath = '/api/v1/persistentvolumes';

const provisionedBy = 'pv.kubernetes.io/provisioned-by';

interface Claim {
  readonly metadata: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly spec: {
    readonly storageClassName?: string;
    readonly volumeName?: string;
    readonly accessModes?: readonly string[];
    readonly resources?: { readonly requests?: { readonly storage?: string } };
  };
}

interface Volume {
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly persistentVolumeReclaimPolicy?: string };
  readonly status?: { readonly phase?: string };
}

interface List<Item> {
  readonly items: readonly Item[];
  readonly metadata: { readonly resourceVersion: string };
}

/**
 * Gives each claim of the class that has no volume yet a folder, and removes the folders of volumes that nobody claims any more.
 * Resolves when something has changed since it looked.
 */
export async function keepVolumes(client: KubeClient, folder: string): Promise<void> {
  const claims = await client.get<List<Claim>>(claimsPath);
  const volumes = await client.get<List<Volume>>(volumesPath);
  for (const claim of claims.items) {
    const { storageClassName, volumeName } = claim.spec;
    if (storageClassName === storageClass && volumeName === undefined) await provide(client, claim, folder);
  }
  for (const volume of volumes.items) if (isDone(volume)) await remove(client, volume.metadata.name, folder);
  const watches = new AbortController();
  const change = async (path: string, { metadata }: List<unknown>): Promise<unknown> =>
    client.watch(path, { resourceVersion: metadata.resourceVersion }, watches.signal).next();
  const changes = [change(claimsPath, claims), change(volumesPath, volumes)];
  await Promise.race(changes).finally(() => watches.abort());
  await Promise.allSettled(changes);
}

async function provide(client: KubeClient, { metadata, spec }: Claim, folder: string): Promise<void> {
  const { namespace, name: claim, uid } = metadata;
  const name = `pvc-${uid}`;
  const place = path.join(folder, name);
  await mkdir(place, { recursive: true });
  // Whoever the container runs as may write.
  await chmod(place, 0o777);
  const volume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, annotations: { [provisionedBy]: provisioner } },
    spec: {
      storageClassName: storageClass,
      capacity: { storage: spec.resources?.requests?.storage ?? '1Gi' },
      accessModes: spec.accessModes ?? ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Delete',
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: claim, uid },
      hostPath: { path: place },
    },
  };
  await client.create(volumesPath, volume).catch((error: unknown) => {
    // Made in an earlier round, and not bound yet.
    if (!isStatus(error, 409)) throw error;
  });
}

const isDone = ({ metadata, spec, status }: Volume): boolean =>
  metadata.annotations?.[provisionedBy] === provisioner &&
  spec.persistentVolumeReclaimPolicy === 'Delete' &&
  status?.phase === 'Released' &&
  metadata.deletionTimestamp === undefined;

async function remove(client: KubeClient, name: string, folder: string): Promise<void> {
  await rm(path.join(folder, name), { recursive: true, force: true });
  await client.text({ method: 'DELETE', path: `${volumesPath}/${name}` });
}
