import type { CallContext, Mutation } from '../../ports';
import { lookAtVolume } from './look-volume';
import { removeOtherWriters } from './jobs/remove-tasks';
import { closePass, takePass } from './pass/take-pass';
import { changeRecord } from './record/change-record';
import { assertEpoch, assertNotFenced } from './record/refusals';
import { type OpenVolume, remember, type VolumeRecord } from './record/volume-record';
import { claimMissing, readClaim, type VolumePlace } from './volume-place';

/**
 * ReplicationDriver.claim. A pass that is going on is ended before; what it has left half done in the volume is brought to an
 * end, so that the application finds the replica of one pass and nothing of Switchback's.
 */
export async function claimVolume(place: VolumePlace, mutation: Mutation, context: CallContext): Promise<void> {
  await assertNotFenced(place, mutation);
  const check = (volume: OpenVolume): void => {
    assertEpoch(volume, mutation);
    if (volume.claim === undefined) throw claimMissing(place);
  };
  const record = await changeRecord(
    place,
    (volume) => {
      check(volume);
      const isDone = volume.record.role === 'active' && volume.record.epoch === mutation.epoch;
      return isDone || volume.record.pass !== undefined ? undefined : claimed(volume.record, mutation);
    },
    context.signal,
  );
  if (record.pass === undefined) return;
  const pass = await takePass(
    place,
    { operationKey: mutation.operationKey, script: 'look', check, adopt: false },
    context,
  );
  await removeOtherWriters(place, pass.id, context);
  const claim = await readClaim(place);
  if (claim === undefined) throw claimMissing(place);
  await lookAtVolume({ place, claim }, { pass: pass.id, settle: true }, context);
  await closePass(place, pass, (volume) => claimed(volume.record, mutation));
}

function claimed(record: VolumeRecord, { epoch, operationKey }: Mutation): VolumeRecord {
  const { asOf: _, ...rest } = record;
  return { ...rest, role: 'active', epoch, done: remember(record, { operationKey, change: 'claim' }) };
}
