import type { Observation } from '../model/observation';
import type { ObservedLag } from '../model/plan';
import { peerRole } from '../model/site';

/** The plan travels through histories: of a thousand volumes those that are behind most are enough. */
const MOST_VOLUMES = 20;

/** How far the replicas of the standby are behind, as they were seen; undefined when none was. */
export function observedLag({ activeSite, observedAt, sites }: Observation): ObservedLag | undefined {
  const volumes = sites[peerRole(activeSite)].volumes.flatMap(({ volume, role, asOf }) => {
    if (role !== 'replica' || asOf === undefined) return [];
    return [{ volume, seconds: Math.max(0, (Date.parse(observedAt) - Date.parse(asOf)) / 1000) }];
  });
  if (volumes.length === 0) return undefined;
  return { observedAt, volumes: volumes.sort((one, other) => other.seconds - one.seconds).slice(0, MOST_VOLUMES) };
}
