import { SwitchbackFailure } from '../../../../core/model/failure';
import type { Mutation } from '../../../ports';
import { assertEpochAllowed, readFence } from '../../fence/fence-record';
import { named, type VolumePlace } from '../volume-place';
import type { OpenVolume, VolumeRecord } from './volume-record';

/** @throws SwitchbackFailure `Fenced` */
export async function assertNotFenced({ cluster, group }: VolumePlace, mutation: Mutation): Promise<void> {
  assertEpochAllowed(cluster, await readFence(cluster, group), mutation);
}

/** @throws SwitchbackFailure `StaleEpoch` */
export function assertEpoch({ place, record }: OpenVolume, { epoch }: Mutation): void {
  if (epoch >= record.epoch) return;
  const message = `${named(place)} is at epoch ${record.epoch}, the request at ${epoch}; nothing was changed`;
  throw new SwitchbackFailure('StaleEpoch', message, {
    volume: place.volume.name,
    site: place.cluster.site.name,
    epoch,
    volumeEpoch: record.epoch,
  });
}

/** Data flow from the active site to the standby, and never onto newer ones. @throws SwitchbackFailure `DataNewer`, `StaleEpoch` */
export function assertMayFlow(from: OpenVolume, onto: OpenVolume, mutation: Mutation): void {
  const because = newer(from, onto.record);
  if (because === undefined) return assertEpoch(onto, mutation);
  throw new SwitchbackFailure('DataNewer', `${named(onto.place)} ${because}; nothing was changed`, {
    volume: onto.place.volume.name,
    sourceEpoch: from.record.epoch,
    targetEpoch: onto.record.epoch,
    epoch: mutation.epoch,
  });
}

function newer({ record: from }: OpenVolume, onto: VolumeRecord): string | undefined {
  if (onto.epoch > from.epoch) return `has data of epoch ${onto.epoch}, newer than epoch ${from.epoch} of the source`;
  if (onto.role === 'active' && onto.epoch === from.epoch) return `is being written at epoch ${onto.epoch}`;
  return undefined;
}

/** Another attempt, or another step, has taken the volume over. */
export function overtaken(place: VolumePlace, by: string): SwitchbackFailure {
  const message = `${named(place)} is being written by ${by} by now: this attempt has changed nothing`;
  return new SwitchbackFailure('StaleAttempt', message, {
    volume: place.volume.name,
    site: place.cluster.site.name,
  });
}
