import { SwitchbackFailure } from '../../../core/model/failure';
import type { CallContext, CopyRequest } from '../../ports';
import { makeCopiedClaim } from './copied-claim';
import { runPass, type PassPlan } from './pass/run-pass';
import { closePass, takePass } from './pass/take-pass';
import { readJob } from './jobs/start-task';
import { dataOf, type PointData } from './points/point-data';
import { missingPoint, orDamaged, pointIn } from './points/points-claim';
import { assertEpoch, assertNotFenced } from './record/refusals';
import { type OpenVolume, openVolume, remember, type VolumeRecord } from './record/volume-record';
import { settleVolume } from './settle-volume';
import { claimMissing, type VolumePlace } from './volume-place';

interface Copying {
  readonly request: CopyRequest;
  readonly source: VolumePlace;
  /** In the namespace of the copy. */
  readonly target: VolumePlace;
}

/** ReplicationDriver.copy: a pass from the replica, or from one of its points, onto a claim of the copy. Returns its `asOf`. */
export async function copyVolume(copying: Copying, context: CallContext): Promise<string | undefined> {
  const { request, source, target } = copying;
  const { operationKey, epoch } = request;
  const { record } = await openVolume(target);
  if (record.done.some((change) => change.change === 'copy' && change.operationKey === operationKey))
    return record.asOf;
  await assertNotFenced(target, request);
  const from = await openVolume(source);
  if (from.claim === undefined) throw claimMissing(source);
  const { plan, asOf } = await planOf(copying, from.record, context);
  await makeCopiedClaim(target, from.claim, context.signal);
  const check = (volume: OpenVolume): void => assertEpoch(volume, request);
  const pass = await takePass(target, { operationKey, script: 'pull', check }, context);
  context.progress({ doing: `copying volume ${target.volume.name} for the drill` });
  await (request.point === 'latest'
    ? orInterrupted(source, runPass(plan, pass, context))
    : orDamaged(source, request.point, runPass(plan, pass, context)));
  const copied = (before: VolumeRecord): VolumeRecord => ({
    ...before,
    role: 'active',
    epoch,
    ...(asOf !== undefined && { asOf }),
    changes: before.changes + 1,
    done: remember(before, { operationKey, change: 'copy' }),
  });
  await closePass(target, pass, (volume) => copied(volume.record));
  return asOf;
}

/**
 * Replication goes on meanwhile. A copy of the replica is compared with it afterwards, so that it is that of one pass; with the
 * `asOf` of before, because a later pass has all that the earlier one had.
 */
async function planOf(
  { request, source, target }: Copying,
  record: VolumeRecord,
  context: CallContext,
): Promise<{ readonly plan: PassPlan; readonly asOf: string | undefined }> {
  const served = (data: PointData) => ({ kind: 'served', served: { place: source, data, service: 'Pod' } }) as const;
  if (request.point !== 'latest') {
    const stored = pointIn(source, record, request.point);
    const plan = { target, source: served(await dataOf(source, stored)), expected: stored.digest };
    return { plan, asOf: stored.point.asOf };
  }
  if (record.role !== 'replica')
    throw missingPoint(source, 'latest', 'does not exist: nothing was ever replicated to it');
  await settleAbandoned(request, source, record, context);
  return { plan: { target, source: served({ claim: source.claim, folder: '' }), prove: true }, asOf: record.asOf };
}

/** Of a pass that nobody works at any more, half of a replica may have been made current. */
async function settleAbandoned(
  { operationKey }: CopyRequest,
  source: VolumePlace,
  { pass }: VolumeRecord,
  context: CallContext,
): Promise<void> {
  if (pass === undefined || (await readJob({ place: source, pass: pass.id, script: 'pull' })) !== undefined) return;
  const check = (): void => undefined;
  await settleVolume(source, { operationKey, check, change: (same) => same }, context);
}

async function orInterrupted<Result>({ volume, cluster }: VolumePlace, copy: Promise<Result>): Promise<Result> {
  return copy.catch((error: unknown) => {
    if (!(error instanceof SwitchbackFailure) || error.code !== 'SyncMismatch') throw error;
    const message = `volume "${volume.name}" at site "${cluster.site.name}" was changed by replication while it was copied for a drill; try again, or take a recovery point instead of "latest"`;
    throw new SwitchbackFailure('SyncInterrupted', message, { volume: volume.name, site: cluster.site.name });
  });
}
