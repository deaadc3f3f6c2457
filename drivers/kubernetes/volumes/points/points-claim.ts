import { SwitchbackFailure } from '../../../../core/model/failure';
import { claimLike, sizeOf, unlessThere } from '../claim-like';
import type { StoredPoint, VolumeRecord } from '../record/volume-record';
import { type Claim, labelsOf, named, type VolumePlace } from '../volume-place';

/** All recovery points of a volume live in one claim beside it, a folder each, and share the files that did not change. */
export const pointsClaim = ({ claim }: VolumePlace): string => `switchback-points-${claim}`;

/** Room for what changes between the points, besides one whole copy; an administrator may let the claim grow. */
const timesTheVolume = 2;

/** Makes the claim when it is not there; its data are never removed but point by point. */
export async function makePointsClaim(place: VolumePlace, volume: Claim, signal: AbortSignal): Promise<void> {
  const { cluster } = place;
  const metadata = { name: pointsClaim(place), labels: labelsOf(place) };
  const claim = claimLike(volume, metadata, timesTheVolume * sizeOf(volume));
  await unlessThere(cluster.client.create(cluster.path('v1', 'persistentvolumeclaims'), claim, signal));
}

export function missingPoint(place: VolumePlace, id: string, because: string): SwitchbackFailure {
  const message = `recovery point "${id}" of ${named(place)} ${because}`;
  return new SwitchbackFailure('RecoveryPointMissing', message, {
    volume: place.volume.name,
    site: place.cluster.site.name,
    point: id,
  });
}

/** @throws SwitchbackFailure `RecoveryPointMissing` */
export function pointIn(place: VolumePlace, { points }: VolumeRecord, id: string): StoredPoint {
  const found = points.find(({ point }) => point.id === id);
  if (found === undefined) throw missingPoint(place, id, 'does not exist');
  return found;
}

/** A copy that is not what was captured was made of a point that is damaged. */
export async function orDamaged<Result>(place: VolumePlace, id: string, copy: Promise<Result>): Promise<Result> {
  return copy.catch((error: unknown) => {
    if (!(error instanceof SwitchbackFailure)) throw error;
    if (error.code === 'SyncMismatch')
      throw missingPoint(place, id, `is damaged: it is not what was captured (${error.message})`);
    if (error.code === 'RecoveryPointMissing') throw missingPoint(place, id, `is damaged: ${error.message}`);
    throw error;
  });
}
