import type { CallContext, Mutation } from '../../ports';
import { changeRecord } from './record/change-record';
import { assertEpoch, assertNotFenced } from './record/refusals';
import { type OpenVolume, remember, type VolumeRecord } from './record/volume-record';
import { settleVolume } from './settle-volume';
import { claimMissing, type VolumePlace } from './volume-place';

/** ReplicationDriver.claim. A pass that is going on is ended before. */
export async function claimVolume(place: VolumePlace, mutation: Mutation, context: CallContext): Promise<void> {
  const { operationKey } = mutation;
  await assertNotFenced(place, mutation);
  const check = (volume: OpenVolume): void => {
    assertEpoch(volume, mutation);
    if (volume.claim === undefined) throw claimMissing(place);
  };
  const change = (record: VolumeRecord): VolumeRecord => claimed(record, mutation);
  const record = await changeRecord(
    place,
    (volume) => {
      check(volume);
      const { role, epoch, pass } = volume.record;
      return pass !== undefined || (role === 'active' && epoch === mutation.epoch) ? undefined : change(volume.record);
    },
    context.signal,
  );
  if (record.pass !== undefined) await settleVolume(place, { operationKey, check, change }, context);
}

function claimed(record: VolumeRecord, { epoch, operationKey }: Mutation): VolumeRecord {
  const { asOf: _, ...rest } = record;
  return { ...rest, role: 'active', epoch, done: remember(record, { operationKey, change: 'claim' }) };
}
