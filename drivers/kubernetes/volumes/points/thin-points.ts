import { randomBytes } from 'node:crypto';
import { choosePointsToThin } from '../../../../core/model/retention';
import type { RetentionRule } from '../../../../core/model/volume';
import type { CallContext } from '../../../ports';
import type { MoverTask } from '../jobs/mover-job';
import { runTask } from '../jobs/run-task';
import { changeRecord } from '../record/change-record';
import type { VolumePlace } from '../volume-place';
import { pointsClaim } from './points-claim';

/** ReplicationDriver.thin. What is no point any more is removed after that is written down, and by the next call when this one dies. */
export async function thinPoints(
  place: VolumePlace,
  { rules, now }: { readonly rules: readonly RetentionRule[]; readonly now: string },
  context: CallContext,
): Promise<readonly string[]> {
  let chosen: readonly string[] = [];
  const { thinned = [] } = await changeRecord(
    place,
    ({ record }) => {
      const all = record.points.map(({ point }) => point);
      chosen = choosePointsToThin(all, rules, now);
      if (chosen.length === 0) return undefined;
      const points = record.points.filter(({ point }) => !chosen.includes(point.id));
      return { ...record, points, thinned: [...(record.thinned ?? []), ...chosen] };
    },
    context.signal,
  );
  if (thinned.length > 0) await removeData(place, thinned, context);
  return chosen;
}

async function removeData(place: VolumePlace, thinned: readonly string[], context: CallContext): Promise<void> {
  const claim = pointsClaim(place);
  context.progress({ doing: 'removing recovery points' });
  const task: MoverTask = {
    place,
    pass: randomBytes(5).toString('hex'),
    script: 'thin',
    mounts: [{ at: 'points', claim, readOnly: false }],
    env: { POINTS: thinned.join(' ') },
  };
  await runTask(task, context);
  await changeRecord(place, ({ record }) => ({
    ...record,
    thinned: (record.thinned ?? []).filter((id) => !thinned.includes(id)),
  }));
}
