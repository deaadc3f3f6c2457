import type { CheckSpec } from '../../../core/model/check';
import type { Runbook } from '../../../core/model/runbook';
import type { SiteSpec } from '../../../core/model/site';

const memorySite = ({ name, address }: SiteSpec, copies: string): SiteSpec => ({
  driver: 'memory',
  name,
  address,
  drill: { address: copies },
});

/** The same checks, answered at the first try: memory sites need no patience. */
const quick = (check: CheckSpec): CheckSpec => ({ ...check, successes: 1, intervalMs: 0, withinSeconds: 0 });

/** Generated checks may share a probe by chance; then one workload would answer for another. */
function ofItsOwn(check: CheckSpec, port: number): CheckSpec {
  const { probe } = check;
  return 'port' in probe ? { ...check, probe: { ...probe, port } } : check;
}

/** The runbook on two memory sites, with checks that such sites can answer. */
export function memoryRunbook(runbook: Runbook): Runbook {
  let port = 7000;
  return {
    ...runbook,
    sites: {
      primary: memorySite(runbook.sites.primary, '127.255.0.1'),
      recovery: memorySite(runbook.sites.recovery, '127.255.0.2'),
    },
    traffic: runbook.traffic.map((record) => ({ ...record, provider: { driver: 'memory' } })),
    workloads: runbook.workloads.map((workload) => ({
      ...workload,
      checks: workload.checks.map((check) => ofItsOwn(quick(check), (port += 1))),
    })),
    integrity: runbook.integrity.filter(({ probe }) => !('port' in probe)).map(quick),
  };
}
