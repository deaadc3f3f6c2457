import type { LeftAs, LeftSite } from '../model/left-as';
import type { Observation, SiteObservation } from '../model/observation';

/** The part of a look at both sites that says what runs where. */
export const leftAs = ({
  observedAt,
  sites,
  records,
}: Omit<Observation, 'phase' | 'activeSite' | 'connectivity'>): LeftAs => ({
  observedAt,
  sites: [siteAs(sites.primary), siteAs(sites.recovery)],
  records: Object.values(records).map(({ name, values }) => ({ name, values })),
});

const siteAs = ({ role, health, fence, workloads, volumes }: SiteObservation): LeftSite => ({
  role,
  site: health.site,
  reachable: health.reachable,
  fencing: fence.fencing,
  ...(fence.epoch !== undefined && { epoch: fence.epoch }),
  workloads: workloads.map(({ workload: name, status, epoch }) => ({
    name,
    status,
    ...(epoch !== undefined && { epoch }),
  })),
  volumes: volumes.map(({ volume: name, role: is, epoch }) => ({ name, role: is, epoch })),
});

/** A sentence a site and record: what runs, what is stopped, who may write, where customers are led. */
export function leftLines({ sites, records }: LeftAs): readonly string[] {
  return [
    ...sites.map(siteLine),
    ...records.map(({ name, values }) => `${name} leads to ${values.join(', ') || 'nothing'}`),
  ];
}

function siteLine({ role, site, reachable, fencing, epoch, workloads, volumes }: LeftSite): string {
  if (!reachable) return `${site} (${role}): does not answer; what runs there is not known`;
  const named = (wanted: string): string[] =>
    workloads.flatMap(({ name, status }) => (status === wanted ? [name] : []));
  const parts = [
    `runs: ${some(named('running'))}`,
    `stopped: ${some(named('stopped'))}`,
    ...(named('unknown').length > 0 ? [`unknown: ${some(named('unknown'))}`] : []),
    ...volumes.map(({ name, role: is, epoch: of }) => `${name} is ${is}, epoch ${of}`),
    epoch === undefined ? fencing : `${fencing}, epoch ${epoch} and higher may write`,
  ];
  return `${site} (${role}): ${parts.join('; ')}`;
}

const MOST_NAMED = 12;

function some(names: readonly string[]): string {
  if (names.length === 0) return 'nothing';
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
