import { whyKept, type KeptBecause } from '../../core/model/retention';
import { peerRole, type SiteRole } from '../../core/model/site';
import type { RecoveryPoint, VolumeObservation } from '../../core/model/volume';
import { completeSets } from '../../core/running/point-choice';
import type { Inspection } from '../temporal/inspection';
import { formatBytes, formatSeconds, secondsBetween } from '../terminal/format';
import { span, type Line } from '../terminal/line';

/** A recovery point, or the replica as it is ("latest"), as `switchback points` lists it. */
export interface ListedPoint {
  readonly id: string;
  readonly takenAt: string;
  readonly asOf: string;
  readonly ageSeconds: number;
  readonly bytes: number;
  readonly newBytes?: number;
  readonly records?: number;
  readonly consistency: RecoveryPoint['consistency'];
  readonly epoch: number;
  /** Id of the set of points that were taken together, when every volume still has its own. */
  readonly set?: string;
  readonly kept: string;
  /** What a failover that starts from it would lose, as far as it can be seen now; absent at the active site. */
  readonly loses?: { readonly seconds: number; readonly records?: number };
}

export interface ListedVolume {
  readonly volume: string;
  readonly points: readonly ListedPoint[];
}

export interface ListedSite {
  readonly site: string;
  readonly role: SiteRole;
  readonly active: boolean;
  readonly reachable: boolean;
  readonly volumes: readonly ListedVolume[];
}

/** The points of both sites, the standby first: from there a failover would start. */
export function listedPoints(inspection: Inspection, now: string): readonly ListedSite[] {
  const activeRole = inspection.state?.activeSite ?? 'primary';
  return [peerRole(activeRole), activeRole].map((role) => {
    const { health, volumes } = inspection.sites[role];
    const active = role === activeRole;
    const list = (volume: VolumeObservation) => listedVolume(inspection, { volume, role, active, now });
    return { site: health.site, role, active, reachable: health.reachable, volumes: volumes.map(list) };
  });
}

interface Place {
  readonly volume: VolumeObservation;
  readonly role: SiteRole;
  readonly active: boolean;
  readonly now: string;
}

function listedVolume({ runbook, sites, state }: Inspection, { volume, role, active, now }: Place): ListedVolume {
  const reverse = state?.replication.direction === 'recovery-to-primary';
  const { retention } = reverse ? runbook.failbackPolicy : runbook.replication;
  const kept = whyKept(volume.points, retention, now);
  const complete = completeSets(sites[role].volumes);
  const there = sites[peerRole(role)].volumes.find((one) => one.volume === volume.volume);
  const losing = (asOf: string, records: number | undefined) => ({
    loses: { seconds: Math.max(0, secondsBetween(asOf, now)), ...lostRecords(there, records) },
  });
  const points = volume.points.map(
    ({ id, capturedAt, asOf, bytes, newBytes, records, consistency, epoch, set }): ListedPoint => ({
      id,
      takenAt: capturedAt,
      asOf,
      ageSeconds: Math.max(0, secondsBetween(capturedAt, now)),
      bytes,
      ...(newBytes !== undefined && { newBytes }),
      ...(records !== undefined && { records }),
      consistency,
      epoch,
      ...(set && complete.includes(set.id) && { set: set.id }),
      kept: active && !kept.get(id) ? 'nothing is thinned here' : keptText(kept.get(id)),
      ...(!active && losing(asOf, records)),
    }),
  );
  if (active || volume.role !== 'replica' || volume.asOf === undefined) return { volume: volume.volume, points };
  const { asOf, bytes, records, epoch } = volume;
  const latest: ListedPoint = {
    id: 'latest',
    takenAt: asOf,
    asOf,
    ageSeconds: Math.max(0, secondsBetween(asOf, now)),
    bytes,
    ...(records !== undefined && { records }),
    consistency: 'crash',
    epoch,
    kept: 'the replica as it is',
    ...losing(asOf, records),
  };
  return { volume: volume.volume, points: [latest, ...points] };
}

/** Only what the active site says now; of a lost site nobody can count. */
function lostRecords(active: VolumeObservation | undefined, records: number | undefined) {
  if (active?.records === undefined || records === undefined) return {};
  return { records: Math.max(0, active.records - records) };
}

function keptText(because: KeptBecause | undefined): string {
  if (because === undefined) return 'removed the next time';
  if (because.kind === 'reason') return because.reason;
  if (because.kind === 'newest') return 'the newest';
  return `one every ${formatSeconds(because.rule.everySeconds)} for ${formatSeconds(because.rule.forSeconds)}`;
}

/** For people: the standby first, sets of points named, then what to do with a choice. */
export function pointsLines({ runbook, state }: Inspection, sites: readonly ListedSite[]): Line[] {
  const failed = state?.replication.application?.lastError;
  return [
    [span(runbook.group, 'bold'), span(state ? `  ${state.phase}, epoch ${state.epoch}` : '  not protected yet')],
    ...(failed === undefined
      ? []
      : [[span(`  ! no application-consistent recovery point the last time: ${failed}`, 'yellow')]]),
    ...sites.flatMap(siteLines),
    [span('  to look at a failover from one: '), span(planCommand(runbook.group), 'cyan')],
  ] as Line[];
}

const planCommand = (group: string): string =>
  `switchback plan ${group} --operation failover --mode unplanned --recovery-point <id>`;

function siteLines({ site, role, active, reachable, volumes }: ListedSite): Line[] {
  const head: Line = [span('  '), span(site, 'bold'), span(` ${role} site, ${active ? 'active' : 'standby'}`)];
  if (!reachable) return [[...head, span(', does not answer: its points cannot be listed', 'red')]];
  return [head, ...volumes.flatMap(volumeLines)];
}

function volumeLines({ volume, points }: ListedVolume): Line[] {
  if (points.length === 0) return [[span(`    ${volume}  no recovery points`)]];
  return [[span(`    ${volume}`, 'bold')], ...points.flatMap(pointLines)];
}

function pointLines(point: ListedPoint): Line[] {
  const { id, takenAt, ageSeconds, bytes, newBytes, consistency, epoch, set, kept, loses } = point;
  const size = `${formatBytes(bytes)}${newBytes === undefined ? '' : ` (${formatBytes(newBytes)} new)`}`;
  const records = loses?.records === undefined ? '' : `, about ${loses.records} records`;
  const loss = loses === undefined ? '' : `; loses ${formatSeconds(loses.seconds)}${records}`;
  const good = consistency === 'application';
  return [
    [
      span('      '),
      span(id.padEnd(28), id === 'latest' ? 'cyan' : 'reset'),
      span(`  ${localTime(takenAt)}, ${formatSeconds(ageSeconds)} ago  `),
      span(`${consistency}-consistent`, good ? 'green' : 'reset'),
      span(`  ${size}`),
    ],
    [span(`        ${set === undefined ? '' : `set ${set}; `}epoch ${epoch}; kept: ${kept}${loss}`, 'dim')],
  ];
}

/** "2026-11-21 11:15:00 GMT+1": by the clock of whoever looks. */
function localTime(instant: string): string {
  const at = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  const zone = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value;
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())} ${zone ?? ''}`.trim();
}
