import type { Observation } from '../model/observation';
import type { ExpectedLoss, VolumeLoss } from '../model/plan';
import type { Runbook } from '../model/runbook';
import type { SiteRole } from '../model/site';
import type { VolumeObservation } from '../model/volume';

/** What an unplanned failover would lose, and the volumes for which nothing can be said. */
export interface LossAssessment {
  readonly loss: ExpectedLoss;
  readonly missing: readonly string[];
}

/**
 * Chooses for each volume what to start from: the replica as it is ("latest"), the point with that id, or the newest point at
 * or before an instant; and says what is lost with it.
 */
export function assessLoss(
  runbook: Runbook,
  observation: Observation,
  to: SiteRole,
  wanted = 'latest',
): LossAssessment {
  const volumes: VolumeLoss[] = [];
  const missing: string[] = [];
  for (const { name } of runbook.volumes) {
    const seen = observation.sites[to].volumes.find((volume) => volume.volume === name);
    const start = seen && choose(seen, wanted);
    if (start === undefined)
      missing.push(`${name}: no ${wanted === 'latest' ? 'replica' : `recovery point "${wanted}"`}`);
    else volumes.push({ volume: name, ...start, seconds: secondsBetween(start.asOf, observation.observedAt) });
  }
  return { loss: { volumes }, missing };
}

type Start = Omit<VolumeLoss, 'volume' | 'seconds'>;

function choose(volume: VolumeObservation, wanted: string): Start | undefined {
  if (wanted === 'latest') {
    if (volume.role !== 'replica' || volume.asOf === undefined) return undefined;
    return withRecords({ point: 'latest', asOf: volume.asOf, epoch: volume.epoch }, volume.records);
  }
  const instant = Date.parse(wanted);
  const point = volume.points.find((candidate) =>
    Number.isNaN(instant) ? candidate.id === wanted : candidate.id === wanted || Date.parse(candidate.asOf) <= instant,
  );
  return point && withRecords({ point: point.id, asOf: point.asOf, epoch: point.epoch }, point.records);
}

const withRecords = (start: Start, records: number | undefined): Start =>
  records === undefined ? start : { ...start, records };

const secondsBetween = (from: string, to: string): number => Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
