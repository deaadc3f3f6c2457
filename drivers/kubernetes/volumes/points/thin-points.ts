import { randomBytes } from 'node:crypto';
import { choosePointsToThin } from '../../../../core/model/retention';
import type { RetentionRule } from '../../../../core/model/volume';
import type { CallContext } from '../../../ports';
import type { MoverTask } from '../jobs/mover-job';
import { runTask } from '../jobs/run-task';
import { changeRecord } from '../record/change-record';
import type { StoredPoint } from '../record/volume-record';
import { removeSnapshots } from '../snapshots/remove-snapshots';
import type { VolumePlace } from '../volume-place';
import { pointsClaim } from './points-claim';

/** ReplicationDriver.thin. What is no point any more is removed after that is written down, and by the next call when this one dies. */
export async function thinPoints(
  place: VolumePlace,
  { rules, now }: { readonly rules: readonly RetentionRule[]; readonly now: string },
  context: CallContext,
): Promise<readonly string[]> {
  let chosen: readonly string[] = [];
  let snapshots = place.mover.snapshots !== undefined;
  const { thinned = [] } = await changeRecord(
    place,
    ({ record }) => {
      const all = record.points.map(({ point }) => point);
      chosen = choosePointsToThin(all, rules, now);
      if (chosen.length === 0) return undefined;
      const isChosen = ({ point }: StoredPoint): boolean => chosen.includes(point.id);
      const gone = record.points.filter(isChosen);
      const folders = gone.filter(({ snapshot }) => snapshot === undefined).map(({ point }) => point.id);
      snapshots ||= folders.length < gone.length;
      const points = record.points.filter((stored) => !isChosen(stored));
      return { ...record, points, thinned: [...(record.thinned ?? []), ...folders] };
    },
    context.signal,
  );
  if (thinned.length > 0) await removeFolders(place, thinned, context);
  if (snapshots) await removeSnapshots(place);
  return chosen;
}

async function removeFolders(place: VolumePlace, thinned: readonly string[], context: CallContext): Promise<void> {
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
