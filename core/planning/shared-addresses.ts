import type { Runbook } from '../model/runbook';
import type { SiteRole } from '../model/site';

interface Copies {
  readonly runbook: Runbook;
  readonly copiesAt: readonly SiteRole[];
}

/** Why copies would not be apart from production, at the sites where they are made. */
export function sharedAddresses({ runbook, copiesAt }: Copies): readonly string[] {
  const { sites, traffic } = runbook;
  return copiesAt.flatMap((role) => {
    const { name, drill, driver } = sites[role];
    if (driver === 'kubernetes') return [`${name} is a Kubernetes site, where no drill is held yet`];
    if (drill === undefined) return [`${name} has no address for copies; give it \`drill: { address: ... }\``];
    const records = traffic.filter(({ values }) => Object.values(values).flat().includes(drill.address));
    return records.map((record) => `customers are led to ${drill.address} by ${record.name}`);
  });
}
