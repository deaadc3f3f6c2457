import { existsSync } from 'node:fs';
import { chmod, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import { isStatus } from '../../../drivers/kubernetes/client/kube-error';
import { changeIn, readCollection } from './collections';
import { copyFolder } from './copy-folder';
import { snapshotFolder, snapshotsPath, type VolumeSnapshot } from './snapshot-folders';
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
    readonly dataSource?: { readonly kind: string; readonly name: string };
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

/**
 * Gives each claim of the class that has no volume yet a folder, filled from the snapshot that it names, and removes the folders of
 * volumes that nobody claims any more. Resolves when something has changed since it looked.
 */
export async function keepVolumes(client: KubeClient, folder: string): Promise<void> {
  const claims = await readCollection<Claim>(client, claimsPath);
  const volumes = await readCollection<Volume>(client, volumesPath);
  const snapshots = await readCollection<VolumeSnapshot>(client, snapshotsPath);
  for (const claim of claims.items) {
    const { storageClassName, volumeName } = claim.spec;
    if (storageClassName !== storageClass || volumeName !== undefined) continue;
    if (await fill(claim, snapshots.items, folder)) await provide(client, claim, folder);
  }
  for (const volume of volumes.items) if (isDone(volume)) await remove(client, volume.metadata.name, folder);
  await changeIn(client, claims, volumes, snapshots);
}

const placeOf = (folder: string, { metadata }: Claim): string => path.join(folder, `pvc-${metadata.uid}`);

/** False: what it is to be filled from is not there yet. */
async function fill(claim: Claim, snapshots: readonly VolumeSnapshot[], folder: string): Promise<boolean> {
  const { dataSource } = claim.spec;
  const place = placeOf(folder, claim);
  if (dataSource !== undefined && !existsSync(place)) {
    const snapshot = snapshots.find(
      ({ metadata }) => metadata.name === dataSource.name && metadata.namespace === claim.metadata.namespace,
    );
    const content = snapshot?.status?.boundVolumeSnapshotContentName;
    if (dataSource.kind !== 'VolumeSnapshot' || snapshot?.status?.readyToUse !== true || content === undefined)
      return false;
    await copyFolder(snapshotFolder(folder, content), place);
  }
  await mkdir(place, { recursive: true });
  // Whoever the container runs as may write.
  if (dataSource === undefined) await chmod(place, 0o777);
  return true;
}

async function provide(client: KubeClient, given: Claim, folder: string): Promise<void> {
  const { metadata, spec } = given;
  const { namespace, name: claim, uid } = metadata;
  const place = placeOf(folder, given);
  const name = path.basename(place);
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
