import type { CallContext } from '../../ports';
import { nodeOf } from './claim-users';
import { awaitEnd } from './jobs/await-task';
import type { MoverTask } from './jobs/mover-job';
import { numberIn } from './jobs/pod-result';
import { removeTask } from './jobs/remove-tasks';
import { startTask } from './jobs/start-task';
import { failureOf } from './pass/run-pass';
import type { Figures } from './record/volume-record';
import { type Claim, type VolumePlace } from './volume-place';

/** Counts what is in the claim, by a pod. `settle`: as the writer of that pass, after it has made an end of what an earlier one has left behind. */
export async function lookAtVolume(
  { place, claim }: { readonly place: VolumePlace; readonly claim: Claim },
  { pass, settle }: { readonly pass: string; readonly settle: boolean },
  context: CallContext,
): Promise<Figures> {
  const { cluster, volume } = place;
  const node = await nodeOf(cluster, [claim]);
  const task: MoverTask = {
    place,
    pass,
    script: 'look',
    mounts: [{ at: 'volume', claim: place.claim, readOnly: !settle }],
    env: { SETTLE: settle ? 'yes' : '' },
    ...(node !== undefined && { node }),
  };
  try {
    await startTask(task, { signal: context.signal });
    const result = await awaitEnd(task, context);
    if (!result.succeeded) throw failureOf(task, { kind: 'beside', claim: '', folder: '' }, result);
    const records = volume.marker && { records: numberIn(result, 'records'), marker: volume.marker.file };
    return { files: numberIn(result, 'files'), bytes: numberIn(result, 'bytes'), ...records };
  } finally {
    await removeTask(task).catch(() => undefined);
  }
}
