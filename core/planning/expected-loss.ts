import type { Observation } from '../model/observation';
import type { ExpectedLoss, VolumeLoss } from '../model/plan';
import type { Runbook } from '../model/runbook';
import type { SiteRole } from '../model/site';
import type { RecoveryPoint, VolumeObservation } from '../model/volume';
import { choosePoints, parsePointChoice } from '../running/point-choice';

/** What an unplanned failover would lose, and the volumes for which nothing can be said. */
export interface LossAssessment {
  readonly loss: ExpectedLoss;
  readonly missing: readonly string[];
}

/** What each volume is started from, as core/running/point-choice.ts reads the choice, and what is lost with it. */
export function assessLoss(
  runbook: Runbook,
  observation: Observation,
  to: SiteRole,
  wanted = 'latest',
): LossAssessment {
  const choice = parsePointChoice(wanted);
  if (typeof choice === 'string') return { loss: { volumes: [] }, missing: [choice] };
  const names = new Set(runbook.volumes.map(({ name }) => name));
  const seen = observation.sites[to].volumes.filter(({ volume }) => names.has(volume));
  const chosen = choosePoints(choice, seen);
  const volumes: VolumeLoss[] = [];
  const missing = [...chosen.missing];
  for (const { name } of runbook.volumes) {
    const volume = seen.find((one) => one.volume === name);
    const point = chosen.points[name];
    const start = volume && point && startOf(volume, point);
    if (start !== undefined)
      volumes.push({ volume: name, ...start, seconds: secondsBetween(start.asOf, observation.observedAt) });
    else if (volume === undefined || point === 'latest')
      missing.push(`${name}: ${volume === undefined ? 'was not seen' : 'no replica'}`);
  }
  return { loss: { volumes }, missing };
}

type Start = Omit<VolumeLoss, 'volume' | 'seconds'>;

function startOf(volume: VolumeObservation, point: RecoveryPoint | 'latest'): Start | undefined {
  if (point !== 'latest') {
    const { id, asOf, epoch, records, set } = point;
    return { ...withRecords({ point: id, asOf, epoch }, records), ...(set && { set: set.id }) };
  }
  if (volume.role !== 'replica' || volume.asOf === undefined) return undefined;
  return withRecords({ point: 'latest', asOf: volume.asOf, epoch: volume.epoch }, volume.records);
}

const withRecords = (start: Start, records: number | undefined): Start =>
  records === undefined ? start : { ...start, records };

const secondsBetween = (from: string, to: string): number => Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
