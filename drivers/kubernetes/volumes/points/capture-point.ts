import { SwitchbackFailure } from '../../../../core/model/failure';
import type { RecoveryPoint } from '../../../../core/model/volume';
import type { CallContext, CaptureRequest } from '../../../ports';
import { numberIn, type PodResult } from '../jobs/pod-result';
import { runTask } from '../jobs/run-task';
import { closePass, leavePass, type TakenPass, takePass } from '../pass/take-pass';
import { assertNotFenced } from '../record/refusals';
import { type OpenVolume, openVolume, pointId, type StoredPoint, type VolumeRecord } from '../record/volume-record';
import { claimMissing, named, type VolumePlace } from '../volume-place';
import { folderPoints } from './folder-points';
import type { PointKeeping } from './point-keeping';
import { snapshotPoints } from './snapshot-points';

const keepingAt = ({ mover: { snapshots } }: VolumePlace): PointKeeping =>
  snapshots === undefined ? folderPoints : snapshotPoints(snapshots.class);

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
  const keeping = keepingAt(place);
  const { script } = keeping;
  const pass = await takePass(place, { operationKey, script, check }, context);
  context.progress({ doing: 'taking a recovery point' });
  let result: PodResult;
  try {
    const work = pass.adopted ? { mounts: [], env: {} } : await keeping.begin(place, pass, context);
    result = await runTask({ place, pass: pass.id, script, ...work }, context, pass);
  } catch (error) {
    if (context.signal.aborted) await leavePass(place, pass).catch(() => undefined);
    throw error;
  }
  const point = describe(request, pass, result);
  const stored: StoredPoint = { operationKey, point, digest: result.values['digest'] ?? '', ...keeping.of(point.id) };
  await keeping.tell?.(place, stored);
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

function describe(request: CaptureRequest, pass: TakenPass, result: PodResult): RecoveryPoint {
  const { before } = pass;
  return {
    id: pointId(pass),
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
