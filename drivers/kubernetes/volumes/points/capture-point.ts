import { SwitchbackFailure } from '../../../../core/model/failure';
import type { RecoveryPoint } from '../../../../core/model/volume';
import type { CallContext, CaptureRequest } from '../../../ports';
import type { MoverTask } from '../jobs/mover-job';
import { numberIn, type PodResult } from '../jobs/pod-result';
import { removeOtherWriters } from '../jobs/remove-tasks';
import { runTask } from '../jobs/run-task';
import { closePass, type TakenPass, takePass } from '../pass/take-pass';
import { assertNotFenced } from '../record/refusals';
import { type OpenVolume, openVolume, type VolumeRecord } from '../record/volume-record';
import { claimMissing, named, readClaim, type VolumePlace } from '../volume-place';
import { makePointsClaim, pointsClaim } from './points-claim';

/**
 * ReplicationDriver.capture. It is a pass like the others: no replica is made current while a point is taken of it. What an
 * interrupted one has left half done is brought to an end before.
 */
export async function capturePoint(
  request: CaptureRequest,
  place: VolumePlace,
  context: CallContext,
): Promise<RecoveryPoint> {
  const taken = pointOf((await openVolume(place)).record, request);
  if (taken !== undefined) return taken;
  await assertNotFenced(place, request);
  const check = (volume: OpenVolume): void => assertOfPass(volume, request);
  const { operationKey } = request;
  const pass = await takePass(place, { operationKey, script: 'capture', check }, context);
  context.progress({ doing: 'taking a recovery point' });
  const task = captureTask(request, place, pass);
  if (!pass.adopted) await makeRoom(task, pass, context);
  const result = await runTask(task, context, pass);
  const point = describe(request, pass, result);
  const stored = { operationKey, point, digest: result.values['digest'] ?? '' };
  await closePass(place, pass, ({ record }) => ({ ...record, points: [stored, ...record.points] }));
  return point;
}

const pointOf = ({ points }: VolumeRecord, { operationKey }: CaptureRequest): RecoveryPoint | undefined =>
  points.find((stored) => stored.operationKey === operationKey)?.point;

/** Another pass may have come in between: what it brought was written after the application was resumed. */
function assertOfPass({ place, record: { role, asOf }, claim }: OpenVolume, { ofPass }: CaptureRequest): void {
  if (claim === undefined) throw claimMissing(place);
  if (ofPass === undefined || (role === 'replica' && asOf === ofPass.asOf)) return;
  const is = `${role}${asOf === undefined ? '' : ` as of ${asOf}`}`;
  const message = `${named(place)} does not hold the pass of ${ofPass.asOf} any more: it is ${is}; no point was taken`;
  throw new SwitchbackFailure('StaleAttempt', message, { volume: place.volume.name, site: place.cluster.site.name });
}

/** "20261121T101500.123Z-3f2a91c07b" */
const idOf = ({ asOf, id }: TakenPass): string => `${asOf.replaceAll(/[-:]/g, '')}-${id}`;

const captureTask = (request: CaptureRequest, place: VolumePlace, pass: TakenPass): MoverTask => ({
  place,
  pass: pass.id,
  script: 'capture',
  mounts: [
    { at: 'volume', claim: place.claim, readOnly: pass.before.pass === undefined },
    { at: 'points', claim: pointsClaim(place), readOnly: false },
  ],
  env: {
    POINT: idOf(pass),
    PREVIOUS: pass.before.points[0]?.point.id ?? '',
    FLAGS: (place.settings.rsyncFlags ?? []).join(' '),
    SETTLE: pass.before.pass === undefined ? '' : 'yes',
  },
});

async function makeRoom({ place }: MoverTask, pass: TakenPass, context: CallContext): Promise<void> {
  await removeOtherWriters(place, pass.id, context);
  const claim = await readClaim(place);
  if (claim === undefined) throw claimMissing(place);
  await makePointsClaim(place, claim, context.signal);
}

function describe(request: CaptureRequest, pass: TakenPass, result: PodResult): RecoveryPoint {
  const { before } = pass;
  return {
    id: idOf(pass),
    volume: request.volume.name,
    site: request.site.name,
    role: before.role === 'replica' ? 'replica' : 'active',
    epoch: before.epoch,
    asOf: (before.role === 'replica' ? before.asOf : undefined) ?? pass.asOf,
    capturedAt: new Date().toISOString(),
    consistency: request.consistency,
    ...(request.ofPass && { set: request.ofPass.set }),
    ...(request.reason !== undefined && { reason: request.reason }),
    ...(request.volume.marker !== undefined && { records: numberIn(result, 'records') }),
    files: numberIn(result, 'files'),
    bytes: numberIn(result, 'bytes'),
    newBytes: numberIn(result, 'newBytes'),
  };
}
