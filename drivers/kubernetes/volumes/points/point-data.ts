import { randomBytes } from 'node:crypto';
import type { RecoveryPoint } from '../../../../core/model/volume';
import type { MadeOf } from '../jobs/made-claim';
import type { Mount } from '../jobs/mover-job';
import { readSnapshot } from '../snapshots/volume-snapshot';
import { claimMissing, readClaim, type VolumePlace } from '../volume-place';
import { missingPoint, pointsClaim } from './points-claim';

/** Where a pod finds the data of a point: in a folder of a claim, which may have to be made of a snapshot for it. */
export interface PointData {
  readonly claim: string;
  /** Below the root of the claim: "" or "/20261121T101500.123Z-3f2a91c07b". */
  readonly folder: string;
  readonly madeOf?: MadeOf;
}

/** For reading. */
export const mountOf = (at: Mount['at'], { claim, madeOf }: PointData): Mount => ({
  at,
  claim,
  readOnly: true,
  ...(madeOf && { madeOf }),
});

/** @throws SwitchbackFailure `RecoveryPointMissing` when its snapshot is there no more */
export async function dataOf(
  place: VolumePlace,
  { point, snapshot }: { readonly point: Pick<RecoveryPoint, 'id'>; readonly snapshot?: string },
): Promise<PointData> {
  if (snapshot === undefined) return { claim: pointsClaim(place), folder: `/${point.id}` };
  const [found, like] = await Promise.all([readSnapshot(place, snapshot), readClaim(place)]);
  if (found === undefined) throw missingPoint(place, point.id, `is gone: there is no VolumeSnapshot ${snapshot}`);
  if (like === undefined) throw claimMissing(place);
  const { restoreSize } = found.status ?? {};
  return snapshotData({ snapshot, like, ...(restoreSize !== undefined && { restoreSize }) });
}

/** Each pod that reads a snapshot has a claim of its own, which goes with its Job. */
const snapshotData = (madeOf: MadeOf): PointData => ({
  claim: `${madeOf.snapshot}-${randomBytes(5).toString('hex')}`,
  folder: '',
  madeOf,
});
