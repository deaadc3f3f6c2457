import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import { isStatus } from '../../../drivers/kubernetes/client/kube-error';
import type { ObjectMeta } from '../../../drivers/kubernetes/kube-object';
import { changeIn, readCollection } from './collections';
import { copyChanges, copyFolder } from './copy-folder';
import { snapshotApi, snapshotClass, snapshotVersion } from './snapshot-api';
import { provisioner } from './storage-class';

export const snapshotsPath = `${snapshotApi}/volumesnapshots`;
const contentsPath = `${snapshotApi}/volumesnapshotcontents`;

export interface VolumeSnapshot {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly spec: {
    readonly volumeSnapshotClassName?: string;
    readonly source: { readonly persistentVolumeClaimName?: string };
  };
  readonly status?: {
    readonly readyToUse?: boolean;
    readonly boundVolumeSnapshotContentName?: string;
    readonly error?: { readonly message: string };
  };
}

interface SnapshotContent {
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly deletionPolicy: string;
    readonly source: { readonly volumeHandle: string };
    readonly volumeSnapshotRef: { readonly uid: string };
  };
  /** In nanoseconds. */
  readonly status?: { readonly creationTime?: number };
}

/** Where snapshots are kept, beside the folders of the volumes; that of a snapshot has the name of its content. */
export const snapshotFolder = (volumes: string, content: string): string => path.join(`${volumes}-snapshots`, content);

/**
 * Makes each new VolumeSnapshot of the class a copy of the folder of its claim, as it is at that moment, and removes the copies whose
 * VolumeSnapshot is gone. Resolves when something has changed since it looked.
 */
export async function keepSnapshots(client: KubeClient, volumes: string): Promise<void> {
  await mkdir(path.dirname(snapshotFolder(volumes, '-')), { recursive: true });
  const snapshots = await readCollection<VolumeSnapshot>(client, snapshotsPath);
  const contents = await readCollection<SnapshotContent>(client, contentsPath);
  for (const snapshot of snapshots.items) if (isNew(snapshot)) await take(client, snapshot, volumes);
  const there = new Set(snapshots.items.map(({ metadata }) => metadata.uid));
  for (const { metadata, spec } of contents.items) {
    if (there.has(spec.volumeSnapshotRef.uid) || spec.deletionPolicy !== 'Delete') continue;
    await rm(snapshotFolder(volumes, metadata.name), { recursive: true, force: true });
    await client.text({ method: 'DELETE', path: `${contentsPath}/${metadata.name}` });
  }
  await changeIn(client, snapshots, contents);
}

const isNew = ({ spec, status }: VolumeSnapshot): boolean =>
  (spec.volumeSnapshotClassName ?? snapshotClass) === snapshotClass && status?.readyToUse !== true;

async function take(client: KubeClient, snapshot: VolumeSnapshot, volumes: string): Promise<void> {
  const { namespace, name, uid } = snapshot.metadata;
  const claimName = snapshot.spec.source.persistentVolumeClaimName ?? '';
  const claim = await client
    .get<{ spec: { volumeName?: string }; status?: { capacity?: { storage?: string } } }>(
      `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${claimName}`,
    )
    .catch(onlyIfMissing);
  const volume = claim?.spec.volumeName;
  const time = new Date().toISOString();
  if (volume === undefined) {
    const message = `claim "${claimName}" has no volume`;
    // Once: the change would be a reason to look again.
    if (snapshot.status?.error?.message === message) return;
    return tell(client, snapshot, { readyToUse: false, error: { message, time } });
  }
  const content = `snapcontent-${uid}`;
  const folder = snapshotFolder(volumes, content);
  if (!existsSync(folder))
    await keepFolder(path.join(volumes, volume), folder, await latestOf(client, volume, volumes));
  const object = {
    apiVersion: snapshotVersion,
    kind: 'VolumeSnapshotContent',
    metadata: { name: content },
    spec: {
      deletionPolicy: 'Delete',
      driver: provisioner,
      source: { volumeHandle: volume },
      volumeSnapshotClassName: snapshotClass,
      volumeSnapshotRef: { apiVersion: snapshotVersion, kind: 'VolumeSnapshot', namespace, name, uid },
    },
  };
  await client.create(contentsPath, object).catch((error: unknown) => {
    // Made in an earlier round that came no further.
    if (!isStatus(error, 409)) throw error;
  });
  const restoreSize = claim?.status?.capacity?.storage;
  const ready = { readyToUse: true, creationTime: time, restoreSize };
  await client.patch(`${contentsPath}/${content}/status`, {
    status: { ...ready, creationTime: Date.parse(time) * 1_000_000, snapshotHandle: content },
  });
  await tell(client, snapshot, { ...ready, boundVolumeSnapshotContentName: content, error: null });
}

/** As storage does it, a snapshot takes room for what has changed since the one before. */
async function keepFolder(source: string, target: string, earlier: string | undefined): Promise<void> {
  await (earlier === undefined ? copyFolder(source, target) : copyChanges(source, target, earlier));
}

/** Folder of the latest snapshot of a volume. */
async function latestOf(client: KubeClient, volume: string, volumes: string): Promise<string | undefined> {
  const { items } = await readCollection<SnapshotContent>(client, contentsPath);
  return items
    .filter(({ spec }) => spec.source.volumeHandle === volume)
    .sort((one, other) => (one.status?.creationTime ?? 0) - (other.status?.creationTime ?? 0))
    .map(({ metadata }) => snapshotFolder(volumes, metadata.name))
    .filter((folder) => existsSync(folder))
    .at(-1);
}

async function tell(client: KubeClient, { metadata }: VolumeSnapshot, status: object): Promise<void> {
  const { namespace, name } = metadata;
  const path = `${snapshotApi}/namespaces/${namespace}/volumesnapshots/${name}/status`;
  await client.patch(path, { status }).catch(onlyIfMissing);
}

function onlyIfMissing(error: unknown): undefined {
  if (!isStatus(error, 404)) throw error;
  return undefined;
}
