import type { SiteObservation } from '../../core/model/observation';
import type { Connectivity, SiteRole } from '../../core/model/site';
import type { RecordState, TrafficSpec } from '../../core/model/traffic';
import type { VolumeObservation } from '../../core/model/volume';
import { count, formatBytes, formatSeconds, secondsBetween } from '../terminal/format';
import { span, type Line } from '../terminal/line';
import type { Inspection } from '../temporal/inspection';
import { symbols } from './symbols';

/** Both sites of a group: health, workloads, volumes with lag, records, and the way between them when it was tried. */
export function sitesLines(inspection: Inspection, now: string): Line[] {
  const { runbook, state } = inspection;
  return [
    [span(runbook.group, 'bold'), span(state ? `  ${state.phase}, epoch ${state.epoch}` : '  not protected yet')],
    ...(['primary', 'recovery'] as const).flatMap((role) => siteLines(inspection, role, now)),
    ...runbook.traffic.map((record) => recordLine(record, inspection.records[record.name])),
    ...inspection.connectivity.map(wayLine),
  ];
}

/** False when anything that was looked at is not in order. */
export const allWell = ({ sites, connectivity }: Inspection): boolean =>
  Object.values(sites).every(siteWell) && connectivity.every(({ ok }) => ok);

const siteWell = ({ health }: SiteObservation): boolean => health.reachable && health.findings.every(({ ok }) => ok);

const mark = (ok: boolean): Line => {
  const { text, format } = ok ? symbols.ok : symbols.error;
  return [span(`${text} `, format)];
};

function siteLines({ sites, state }: Inspection, role: SiteRole, now: string): Line[] {
  const site = sites[role];
  const { health, fence, workloads, volumes } = site;
  const use = state ? (state.activeSite === role ? ', active' : ', standby') : '';
  const head: Line = [span('  '), ...mark(siteWell(site)), span(health.site, 'bold'), span(` ${role} site${use}`)];
  if (!health.reachable) return [[...head, span(', does not answer', 'red')]];
  return [
    [...head, span(fence.fencing === 'unfenced' ? '' : `, ${fence.fencing}: ${fence.saw}`)],
    ...health.findings.flatMap(({ name, ok, saw, fix }): Line[] => [
      [span('      '), ...mark(ok), span(`${name}: ${saw}`)],
      ...(ok || fix === undefined ? [] : [[span(`          ${fix}`)]]),
    ]),
    ...workloads.map(({ workload, status, saw }): Line => [span(`      ${workload} ${status}: ${saw}`)]),
    ...volumes.map((volume): Line => [span(`      ${volumeText(volume, now)}`)]),
  ];
}

function volumeText(volume: VolumeObservation, now: string): string {
  const { role, epoch, asOf, records, files, bytes, points } = volume;
  const lag = role === 'replica' && asOf !== undefined ? `, ${formatSeconds(secondsBetween(asOf, now))} behind` : '';
  const content = [
    count(files, 'file'),
    formatBytes(bytes),
    ...(records === undefined ? [] : [count(records, 'record')]),
  ];
  const newest = points[0] ? `, newest ${points[0].id}` : '';
  return `${volume.volume} ${role} of epoch ${epoch}${lag}; ${content.join(', ')}; ${count(points.length, 'recovery point')}${newest}`;
}

function recordLine(record: TrafficSpec, now: RecordState | undefined): Line {
  if (!now)
    return [span('  '), ...mark(false), span(record.name, 'bold'), span(' cannot be read at its provider', 'red')];
  return [
    span('  '),
    ...mark(true),
    span(record.name, 'bold'),
    span(` ${now.type} ${now.values.join(', ')}, TTL ${now.ttlSeconds} s, moved last by epoch ${now.epoch}`),
  ];
}

function wayLine({ from, to, ok, saw, latencyMs }: Connectivity): Line {
  const latency = latencyMs === undefined ? '' : ` in ${latencyMs.toFixed(1)} ms`;
  return [span('  '), ...mark(ok), span(`${from} → ${to}`, 'bold'), span(`: ${saw}${latency}`)];
}
