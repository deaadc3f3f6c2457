import { isStatus } from '../../client/kube-error';
import { openVolume, pointId } from '../record/volume-record';
import type { VolumePlace } from '../volume-place';
import { listSnapshots, snapshotName, snapshotPath } from './volume-snapshot';

/**
 * Removes the snapshots of a volume that are no points: of points that were thinned, and of passes that ended before they wrote
 * theirs down. The record is read after the snapshots: a pass that has made one of those, and may still write it down, is the one
 * that stands there.
 */
export async function removeSnapshots(place: VolumePlace): Promise<void> {
  const snapshots = await listSnapshots(place);
  if (snapshots.length === 0) return;
  const { record } = await openVolume(place);
  const ids = [...record.points.map(({ point }) => point.id), ...(record.pass ? [pointId(record.pass)] : [])];
  const kept = new Set(ids.map(snapshotName));
  const gone = snapshots.map(({ metadata }) => metadata.name).filter((name) => !kept.has(name));
  await Promise.all(
    gone.map(async (name) => {
      await place.cluster.client.text({ method: 'DELETE', path: snapshotPath(place, name) }).catch((error: unknown) => {
        if (!isStatus(error, 404)) throw error;
      });
    }),
  );
}
