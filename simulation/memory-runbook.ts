import { isDeepStrictEqual } from 'node:util';
import type { CheckSpec } from '../core/model/check';
import type { Runbook } from '../core/model/runbook';
import type { SiteSpec } from '../core/model/site';

/** Copies of drills have room at every memory site. */
const memorySite = ({ name, address }: SiteSpec): SiteSpec => ({
  driver: 'memory',
  name,
  address,
  drill: { address: '127.255.0.1' },
});

/** The same checks, answered at the first try: memory sites need no patience. */
const quick = (check: CheckSpec): CheckSpec => ({ ...check, successes: 1, intervalMs: 0, withinSeconds: 0 });

/** Checks of two workloads may share a probe; then one workload would answer for another. */
function ofItsOwn(check: CheckSpec, port: number): CheckSpec {
  const { probe } = check;
  return 'port' in probe ? { ...check, probe: { ...probe, port } } : check;
}

/** The runbook on two memory sites, with checks that such sites can answer. What nothing in the runbook would answer is left out. */
export function memoryRunbook(runbook: Runbook): Runbook {
  let port = 7000;
  const records = new Set(runbook.traffic.map(({ name, type }) => `${name} ${type}`));
  const answers = ({ probe }: CheckSpec): boolean => probe.kind !== 'dns' || records.has(`${probe.name} ${probe.type}`);
  const workloads = runbook.workloads.map((workload) => ({
    ...workload,
    checks: workload.checks.filter(answers).map((check) => ofItsOwn(anyServer(quick(check)), (port += 1))),
  }));
  const written = runbook.workloads.flatMap(({ checks }) => checks.filter(answers));
  const answered = workloads.flatMap(({ checks }) => checks);
  const integrity = runbook.integrity.filter(answers).flatMap((check) => {
    if (!('port' in check.probe)) return [anyServer(quick(check))];
    const same = written.findIndex(({ probe }) => isDeepStrictEqual(probe, check.probe));
    const probe = answered[same]?.probe;
    return probe ? [quick({ ...check, probe })] : [];
  });
  return {
    ...runbook,
    sites: { primary: memorySite(runbook.sites.primary), recovery: memorySite(runbook.sites.recovery) },
    traffic: runbook.traffic.map((record) => ({ ...record, provider: { driver: 'memory' } })),
    workloads,
    integrity,
  };
}

/** Memory sites have one name server for all. */
function anyServer(check: CheckSpec): CheckSpec {
  if (check.probe.kind !== 'dns') return check;
  const { server: _server, ...probe } = check.probe;
  return { ...check, probe };
}
