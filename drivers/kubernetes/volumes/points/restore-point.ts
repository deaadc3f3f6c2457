import type { CallContext, RestoreRequest } from '../../../ports';
import { awaitUnmounted } from '../claim-users';
import { runPass } from '../pass/run-pass';
import { closePass, takePass } from '../pass/take-pass';
import { assertEpoch, assertNotFenced } from '../record/refusals';
import { type OpenVolume, openVolume, remember, type StoredPoint, type VolumeRecord } from '../record/volume-record';
import { settleVolume } from '../settle-volume';
import { claimMissing, type VolumePlace } from '../volume-place';
import { dataOf } from './point-data';
import { missingPoint, orDamaged, pointIn } from './points-claim';

/**
 * ReplicationDriver.restore: a pass whose source is the point, beside the volume. Role and epoch become those of the point as
 * well: a failover that is rolled back must leave a replica that replication can go on with.
 */
export async function restorePoint(request: RestoreRequest, place: VolumePlace, context: CallContext): Promise<void> {
  const { operationKey, point: id } = request;
  const { record } = await openVolume(place);
  if (record.done.some((change) => change.change === 'restore' && change.operationKey === operationKey)) return;
  await assertNotFenced(place, request);
  const check = (volume: OpenVolume): void => {
    assertEpoch(volume, request);
    if (volume.claim === undefined) throw claimMissing(place);
  };
  check(await openVolume(place));
  if (id === 'latest') return keepLatest(place, { operationKey, check, record }, context);
  const stored = pointIn(place, record, id);
  const data = await dataOf(place, stored);
  const pass = await takePass(place, { operationKey, script: 'pull', check }, context);
  context.progress({ doing: `restoring recovery point ${id}` });
  await awaitUnmounted(place, 'it cannot be restored under an application', context);
  const source = { kind: 'beside' as const, data };
  const { digest } = stored;
  await orDamaged(place, id, runPass({ target: place, source, expected: digest }, pass, context));
  await closePass(place, pass, (volume) => restored(volume.record, request, stored));
}

/** The replica as it is; what an interrupted pass has left half done is brought to an end. */
async function keepLatest(
  place: VolumePlace,
  { record, ...taking }: { operationKey: string; check: (volume: OpenVolume) => void; record: VolumeRecord },
  context: CallContext,
): Promise<void> {
  if (record.role === 'unclaimed')
    throw missingPoint(place, 'latest', 'does not exist: nothing was ever replicated to it');
  if (record.pass !== undefined) await settleVolume(place, { ...taking, change: (same) => same }, context);
}

function restored(
  before: VolumeRecord,
  { operationKey, volume }: RestoreRequest,
  { point }: StoredPoint,
): VolumeRecord {
  const { role, epoch, asOf, files, bytes, records } = point;
  const marker = volume.marker && records !== undefined ? { records, marker: volume.marker.file } : {};
  return {
    ...before,
    role,
    epoch,
    asOf,
    figures: { files, bytes, ...marker },
    changes: before.changes + 1,
    done: remember(before, { operationKey, change: 'restore' }),
  };
}
