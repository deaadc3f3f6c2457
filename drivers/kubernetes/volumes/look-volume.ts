import type { CallContext } from '../../ports';
import type { MoverTask } from './jobs/mover-job';
import { numberIn } from './jobs/pod-result';
import { runTask } from './jobs/run-task';
import type { Figures } from './record/volume-record';
import type { VolumePlace } from './volume-place';

/** Counts what is in the claim, by a pod. `settle`: as the writer of that pass, after it has made an end of what an earlier one has left behind. */
export async function lookAtVolume(
  place: VolumePlace,
  { pass, settle }: { readonly pass: string; readonly settle: boolean },
  context: CallContext,
): Promise<Figures> {
  const { volume } = place;
  const task: MoverTask = {
    place,
    pass,
    script: 'look',
    mounts: [{ at: 'volume', claim: place.claim, readOnly: !settle }],
    env: { SETTLE: settle ? 'yes' : '' },
  };
  const result = await runTask(task, context);
  const records = volume.marker && { records: numberIn(result, 'records'), marker: volume.marker.file };
  return { files: numberIn(result, 'files'), bytes: numberIn(result, 'bytes'), ...records };
}
