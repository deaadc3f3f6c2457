import { againOnConflict } from '../../client/again-on-conflict';
import type { VolumePlace } from '../volume-place';
import { type OpenVolume, openVolume, recordObject, recordPath, type VolumeRecord } from './volume-record';

/** What a change makes of the record that it has read; undefined: it is as wanted. It may refuse by throwing. */
export type RecordChange = (volume: OpenVolume) => VolumeRecord | undefined | Promise<VolumeRecord | undefined>;

/** Reads the record, changes it, and begins anew when somebody else has changed it in between. Returns what then stands there. */
export async function changeRecord(
  place: VolumePlace,
  change: RecordChange,
  signal?: AbortSignal,
): Promise<VolumeRecord> {
  const { cluster } = place;
  return againOnConflict(signal ?? new AbortController().signal, async () => {
    const volume = await openVolume(place);
    const next = await change(volume);
    if (next === undefined) return volume.record;
    const object = recordObject(volume, next);
    if (volume.record.resourceVersion === undefined)
      await cluster.client.create(cluster.path('v1', 'configmaps'), object, signal);
    else await cluster.client.patch(recordPath(place), object, signal);
    return next;
  });
}
