import { setTimeout as pause } from 'node:timers/promises';
import { SwitchbackFailure } from '../../core/model/failure';
import type { RecoveryPoint, SyncResult } from '../../core/model/volume';
import { siteDrivers } from '../../drivers/driver-set';
import type { StepRequest } from '../contract';
import { asFact, groupOf, mutationOf, siteOf, sourceOf, volumeOf, type StepBody } from './step-body';

export const capturePoint: StepBody = async (drivers, request, context) => {
  const site = siteOf(request);
  const { input } = request.step;
  const point = await siteDrivers(drivers, site).replication.capture(
    {
      ...mutationOf(request),
      volume: volumeOf(request),
      site,
      consistency: input.consistency ?? 'crash',
      reason: `${input.reason ?? 'kept'} ${request.run.workflowId}`,
    },
    context,
  );
  return { summary: `recovery point ${point.id}`, facts: { point: asFact(point) } };
};

const syncWith =
  (final: boolean): StepBody =>
  async (drivers, request, context) => {
    const target = siteOf(request);
    const source = sourceOf(request);
    const { replication } = siteDrivers(drivers, target);
    const sync = await replication.sync(
      { ...mutationOf(request), volume: volumeOf(request), source, target, final },
      context,
    );
    return { summary: saidOf(sync), facts: { sync: asFact(sync) } };
  };

export const sync = syncWith(false);
const provenSync = syncWith(true);

/** With `claimedBy` a source that was never claimed is left alone: its data is older than what it would overwrite. */
export const finalSync: StepBody = async (drivers, request, context) => {
  const { claimedBy } = request.step.input;
  if (claimedBy === undefined) return provenSync(drivers, request, context);
  const source = sourceOf(request);
  const { replication } = siteDrivers(drivers, source);
  const [seen] = await replication.observe(source, groupOf(request), [volumeOf(request)], context);
  if (seen?.role === 'active' && seen.epoch >= claimedBy) return provenSync(drivers, request, context);
  const saw = `${seen?.role ?? 'unknown'} with epoch ${seen?.epoch ?? 0}`;
  return { summary: `nothing was written at "${source.name}": it is ${saw}`, facts: { saw } };
};

function saidOf(result: SyncResult): string {
  const moved = `${result.filesChanged} of ${result.filesCompared} files changed, ${result.bytesSent} bytes sent`;
  return result.proof ? `${moved}; both sides hold ${result.proof.sourceDigest.slice(0, 12)}` : moved;
}

export const restorePoint: StepBody = async (drivers, request, context) => {
  const site = siteOf(request);
  const point = request.step.input.point ?? capturedPoint(request);
  const volume = await siteDrivers(drivers, site).replication.restore(
    { ...mutationOf(request), volume: volumeOf(request), site, point },
    context,
  );
  return { summary: `restored from ${point}`, facts: { volume: asFact(volume), point } };
};

/** The point that an earlier step of the run has taken, by that step's facts. */
function capturedPoint({ earlier, step }: StepRequest): string {
  const point = earlier?.['point'] as RecoveryPoint | undefined;
  if (point) return point.id;
  throw new SwitchbackFailure(
    'RecoveryPointMissing',
    `step "${step.id}": ${step.input.pointOf ?? 'no step'} left no point`,
  );
}

export const claimVolume: StepBody = async (drivers, request, context) => {
  const site = siteOf(request);
  const volume = await siteDrivers(drivers, site).replication.claim(
    site,
    volumeOf(request),
    mutationOf(request),
    context,
  );
  return { summary: `${volume.volume} is active with epoch ${volume.epoch}`, facts: { volume: asFact(volume) } };
};

/** Pause between two looks at the lag, in milliseconds. */
const LAG_POLL_MS = 200;
/** So many times the allowed lag may pass before the wait counts as failed; at least a minute. */
const LAG_PATIENCE = 4;

export const awaitLag: StepBody = async (drivers, request, context) => {
  const site = siteOf(request);
  const allowed = request.step.input.seconds ?? 0;
  const volume = volumeOf(request);
  const { replication } = siteDrivers(drivers, site);
  const deadline = Date.now() + Math.max(60, allowed * LAG_PATIENCE) * 1000;
  for (;;) {
    const [seen] = await replication.observe(site, groupOf(request), [volume], context);
    const lagSeconds = seen?.asOf === undefined ? undefined : Math.max(0, (Date.now() - Date.parse(seen.asOf)) / 1000);
    if (seen?.role === 'replica' && lagSeconds !== undefined && lagSeconds <= allowed) {
      return { summary: `${lagSeconds.toFixed(1)} s behind, ${allowed} s allowed`, facts: { lagSeconds } };
    }
    const saw = lagSeconds === undefined ? 'no replica yet' : `${lagSeconds.toFixed(1)} s behind`;
    if (Date.now() > deadline) {
      throw new SwitchbackFailure('ReplicationLag', `${volume.name} at "${site.name}": ${saw}, ${allowed} s allowed`);
    }
    context.progress({ doing: `${saw}, ${allowed} s allowed` });
    await pause(LAG_POLL_MS, undefined, { signal: context.signal });
  }
};
