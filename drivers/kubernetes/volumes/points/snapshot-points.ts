import type { CallContext } from '../../../ports';
import { removeOtherWriters, removeTask } from '../jobs/remove-tasks';
import { lookAtVolume } from '../look-volume';
import type { TakenPass } from '../pass/take-pass';
import { pointId, type VolumeRecord } from '../record/volume-record';
import { removeSnapshots } from '../snapshots/remove-snapshots';
import { takeSnapshot } from '../snapshots/take-snapshot';
import { pointAnnotation, readSnapshot, snapshotName, snapshotPath } from '../snapshots/volume-snapshot';
import { readClaim, type VolumePlace } from '../volume-place';
import { dataOf, mountOf, type PointData } from './point-data';
import type { PointKeeping } from './point-keeping';
import { pointsClaim } from './points-claim';

/**
 * A VolumeSnapshot each. What a point holds is read from a claim that is made of its snapshot: so it is known of an application
 * that goes on writing, too, and that the storage gives back what it has taken.
 */
export const snapshotPoints = (className: string): PointKeeping => ({
  script: 'count',
  begin: async (place, pass, context) => {
    const id = pointId(pass);
    const name = snapshotName(id);
    await settle(place, pass, context);
    await removeSnapshots(place);
    await takeSnapshot(place, { name, pass: pass.id, className }, context);
    const point = await dataOf(place, { point: { id }, snapshot: name });
    const previous = await previousOf(place, pass.before);
    return {
      mounts: [mountOf('volume', point), ...(previous ? [mountOf('previous', previous)] : [])],
      env: {
        PREVIOUS: previous === undefined ? '' : `/mnt/previous${previous.folder}`,
        FLAGS: (place.settings.rsyncFlags ?? []).join(' '),
      },
    };
  },
  of: (point) => ({ snapshot: snapshotName(point) }),
  tell: async (place, { point, digest, snapshot }) => {
    const annotations = { [pointAnnotation]: JSON.stringify({ ...point, digest }) };
    await place.cluster.client.patch(snapshotPath(place, snapshot), { metadata: { annotations } });
  },
});

/** Nobody writes the volume but its application, and a swap that was begun is finished. */
async function settle(place: VolumePlace, { id, before }: TakenPass, context: CallContext): Promise<void> {
  await removeOtherWriters(place, id, context);
  if (before.pass === undefined) return;
  // The Job of a count that was interrupted may be waiting for its claim.
  await removeTask({ place, pass: before.pass.id, script: 'count' });
  await lookAtVolume(place, { pass: id, settle: true }, context);
}

/** The newest point before whose data are there. */
async function previousOf(place: VolumePlace, { points }: VolumeRecord): Promise<PointData | undefined> {
  for (const stored of points) {
    const isThere =
      stored.snapshot === undefined
        ? await readClaim({ ...place, claim: pointsClaim(place) })
        : await readSnapshot(place, stored.snapshot);
    if (isThere !== undefined) return dataOf(place, stored);
  }
  return undefined;
}
