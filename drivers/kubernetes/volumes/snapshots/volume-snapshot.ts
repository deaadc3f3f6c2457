import { SwitchbackFailure } from '../../../../core/model/failure';
import { isStatus } from '../../client/kube-error';
import type { KubeList, KubeObject } from '../../kube-object';
import { labelsOf, named, volumeLabel, type VolumePlace } from '../volume-place';

/** https://kubernetes.io/docs/concepts/storage/volume-snapshots */
export const snapshotVersion = 'snapshot.storage.k8s.io/v1';
export const snapshotPlural = 'volumesnapshots';

export interface VolumeSnapshot extends KubeObject {
  readonly status?: {
    readonly readyToUse?: boolean;
    /** Size of the smallest claim that it can be restored to. */
    readonly restoreSize?: string;
    readonly error?: { readonly message?: string };
  };
}

/** How long the storage may take for a snapshot, and for a claim made of one: a step that takes a recovery point has an hour. */
export const storageWithinMs = 1_800_000;

/** `problem`: what became of the snapshot of that name, as the rest of a sentence. */
export const snapshotFailed = (place: VolumePlace, snapshot: string, problem: string): SwitchbackFailure =>
  new SwitchbackFailure('SnapshotFailed', `VolumeSnapshot ${snapshot} of ${named(place)} ${problem}`, {
    volume: place.volume.name,
    site: place.cluster.site.name,
    snapshot,
  });

/** The JSON of the point and its digest, for people and for what else looks at snapshots. */
export const pointAnnotation = 'switchback.dev/recovery-point';

/** "switchback-20261121t101500.123z-3f2a91c07b", of the point of that id. */
export const snapshotName = (point: string): string => `switchback-${point.toLowerCase()}`;

/** Of one name, or of all of them. */
export const snapshotPath = ({ cluster }: VolumePlace, name?: string): string =>
  cluster.path(snapshotVersion, snapshotPlural, name);

/** Undefined: there is none, or it is being removed. */
export async function readSnapshot(place: VolumePlace, name: string): Promise<VolumeSnapshot | undefined> {
  try {
    const found = await place.cluster.client.get<VolumeSnapshot>(snapshotPath(place, name));
    return found.metadata.deletionTimestamp === undefined ? found : undefined;
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

/** Those of the points of a volume, without what is being removed. A cluster that does not have the kind any more has none. */
export async function listSnapshots(place: VolumePlace): Promise<readonly VolumeSnapshot[]> {
  const { [volumeLabel.volume]: volume = '', [volumeLabel.group]: group = '' } = labelsOf(place);
  const query = { labelSelector: `${volumeLabel.volume}=${volume},${volumeLabel.group}=${group}` };
  try {
    const { items } = await place.cluster.client.get<KubeList<VolumeSnapshot>>(snapshotPath(place), { query });
    return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  } catch (error) {
    if (isStatus(error, 404)) return [];
    throw error;
  }
}
