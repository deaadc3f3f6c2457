import type { CallContext } from '../../ports';
import { removeOtherWriters } from './jobs/remove-tasks';
import { lookAtVolume } from './look-volume';
import { closePass, type Taking, takePass } from './pass/take-pass';
import type { VolumeRecord } from './record/volume-record';
import { claimMissing, readClaim, type VolumePlace } from './volume-place';

/**
 * Ends a pass that is going on and brings to an end what it has left half done in the volume, so that whoever opens it next finds
 * the replica of one pass and nothing of Switchback's.
 */
export async function settleVolume(
  place: VolumePlace,
  { change, ...taking }: Omit<Taking, 'script' | 'adopt'> & { readonly change: (record: VolumeRecord) => VolumeRecord },
  context: CallContext,
): Promise<void> {
  const pass = await takePass(place, { ...taking, script: 'look', adopt: false }, context);
  await removeOtherWriters(place, pass.id, context);
  const claim = await readClaim(place);
  if (claim === undefined) throw claimMissing(place);
  await lookAtVolume(place, { pass: pass.id, settle: true }, context);
  await closePass(place, pass, ({ record }) => change(record));
}
