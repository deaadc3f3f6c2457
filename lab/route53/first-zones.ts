import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { Runbook } from '../../core/model/runbook';
import type { SiteRole } from '../../core/model/site';
import type { Route53Provider, TrafficSpec } from '../../core/model/traffic';

/** A hosted zone as it is before Switchback has moved anything: the records lead to the primary site. */
export interface FirstZone {
  readonly id: string;
  readonly name: string;
  readonly sets: readonly ResourceRecordSet[];
}

interface Placed {
  readonly zone: string;
  readonly set: ResourceRecordSet;
}

const roles: readonly SiteRole[] = ['primary', 'recovery'];

/** The hosted zones that these runbooks name, with their records and what their aliases lead to. */
export function firstZones(runbooks: readonly Runbook[]): readonly FirstZone[] {
  const zones = new Map<string, ResourceRecordSet[]>();
  for (const { zone, set } of runbooks.flatMap(placed)) {
    const sets = zones.get(zone) ?? [];
    if (!sets.some((other) => sameKey(other, set))) zones.set(zone, [...sets, set]);
  }
  return [...zones].map(([id, sets]) => ({ id, name: zoneName(sets), sets }));
}

function placed(runbook: Runbook): readonly Placed[] {
  return runbook.traffic.flatMap((record) => {
    const { provider } = record;
    if (provider.driver !== 'route53') return [];
    const sets = setsOf(record, provider).map((set) => ({ zone: provider.hostedZoneId, set }));
    return [...sets, ...targetsOf(runbook, record, provider)];
  });
}

function setsOf(record: TrafficSpec, provider: Route53Provider): readonly ResourceRecordSet[] {
  const { name: Name, type: Type } = record;
  const contentAt = (role: SiteRole): Partial<ResourceRecordSet> => {
    const [DNSName = ''] = record.values[role];
    const alias = provider.alias?.[role];
    if (alias === undefined) return valuesSet(record.values[role], record.ttlSeconds);
    const { hostedZoneId: HostedZoneId, evaluateTargetHealth: EvaluateTargetHealth } = alias;
    return { AliasTarget: { HostedZoneId, DNSName, EvaluateTargetHealth } };
  };
  const { routing } = provider;
  if (routing === undefined) return [{ Name, Type, ...contentAt('primary') }];
  return roles.map((role) => {
    const active = role === 'primary';
    const share: Partial<ResourceRecordSet> =
      routing.policy === 'weighted'
        ? { Weight: active ? 100 : 0 }
        : { Failover: active ? 'PRIMARY' : 'SECONDARY', ...(!provider.alias && { HealthCheckId: `lab-${role}` }) };
    return { Name, Type, SetIdentifier: routing.setIdentifiers[role], ...share, ...contentAt(role) };
  });
}

const valuesSet = (values: readonly string[], TTL: number): Partial<ResourceRecordSet> => ({
  TTL,
  ResourceRecords: values.map((Value) => ({ Value })),
});

/** Stand-ins for the load balancers that aliases lead to. */
function targetsOf({ sites }: Runbook, record: TrafficSpec, { alias }: Route53Provider): readonly Placed[] {
  if (alias === undefined) return [];
  return roles.flatMap((role) => {
    const addresses = [record.type === 'AAAA' ? `2001:db8::${role === 'primary' ? 1 : 2}` : sites[role].address];
    return record.values[role].map((Name) => ({
      zone: alias[role].hostedZoneId,
      set: { Name, Type: record.type, ...valuesSet(addresses, record.ttlSeconds) },
    }));
  });
}

const sameKey = (one: ResourceRecordSet, other: ResourceRecordSet): boolean =>
  one.Name === other.Name && one.Type === other.Type && one.SetIdentifier === other.SetIdentifier;

/** A runbook tells only the id of a zone: its name is what is common to what lies in it. */
function zoneName(sets: readonly ResourceRecordSet[]): string {
  const [first = [], ...others] = sets.map(({ Name = '' }) => Name.split('.').slice(1).reverse());
  const common = first.findIndex((label, index) => others.some((labels) => labels[index] !== label));
  return first
    .slice(0, common < 0 ? first.length : common)
    .reverse()
    .join('.');
}
