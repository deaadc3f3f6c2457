import { SwitchbackFailure } from '../../../core/model/failure';
import type { CallContext, Mutation } from '../../ports';
import { assertNotFenced } from '../site-folder';
import { Pacer } from './pacer';
import { staleEpoch } from './points/restore-point';
import { beginAttempt } from './volume/attempt';
import { commit } from './volume/journal';
import { openVolume } from './volume/open-volume';
import { rememberChange, type VolumeFolder, type VolumeRecord } from './volume/volume-record';

/** A pass may be committed while the claim is made; the claim is then made on top of it. */
const tries = 5;

/** ReplicationDriver.claim: a change without operations, so that a pass prepared before it cannot be committed after it. */
export async function claimVolume(folder: VolumeFolder, mutation: Mutation, context: CallContext): Promise<void> {
  const pacer = new Pacer([folder.site], context);
  for (let attempt = 1; ; attempt += 1) {
    pacer.check();
    const record = await openVolume(folder);
    await assertNotFenced(folder.site, folder.group, mutation.epoch);
    if (mutation.epoch < record.epoch) throw staleEpoch(folder, record, mutation.epoch);
    if (record.version > 0 && record.role === 'active' && record.epoch === mutation.epoch) return;
    try {
      return await claimOnce(folder, { record, mutation }, pacer);
    } catch (error) {
      const lost = error instanceof SwitchbackFailure && error.code === 'StaleAttempt';
      if (!lost || attempt === tries) throw error;
    }
  }
}

async function claimOnce(
  folder: VolumeFolder,
  { record, mutation }: { readonly record: VolumeRecord; readonly mutation: Mutation },
  pacer: Pacer,
): Promise<void> {
  const attempt = await beginAttempt(folder, record.version);
  const done = rememberChange(record, { attempt: attempt.id, operationKey: mutation.operationKey, change: 'claim' });
  const next = { role: 'active' as const, epoch: mutation.epoch, done };
  await commit(folder, attempt, { next, operations: [], durable: true }, pacer);
}
