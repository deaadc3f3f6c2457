import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { SwitchbackFailure } from '../../core/model/failure';
import { peerRole, type SiteRole } from '../../core/model/site';
import { sameValues, type Route53Routing } from '../../core/model/traffic';
import { plainName } from './plain-name';
import type { Route53Record } from './route53-record';

/** What a record shall be. */
export interface Wanted {
  readonly values: readonly string[];
  readonly ttlSeconds: number;
}

/** The values of a record set; those of an alias are the names of its target. */
export function valuesOf(set: ResourceRecordSet): readonly string[] {
  if (set.AliasTarget !== undefined) return [plainName(set.AliasTarget.DNSName)];
  const values = (set.ResourceRecords ?? []).map(({ Value = '' }) => Value);
  return set.Type === 'CNAME' ? values.map(plainName) : values;
}

/** The values that customers may get: of weighted sets those with a weight, of failover sets the primary ones, else all. */
export function leadingValues(sets: readonly ResourceRecordSet[]): readonly string[] {
  const led = sets.filter((set) => (set.Weight ?? 1) > 0 && set.Failover !== 'SECONDARY');
  return [...new Set((led.length > 0 ? led : sets).flatMap(valuesOf))];
}

/** The longest time that customers may keep an answer. An alias has no TTL of its own: it is that of its target, as declared. */
export function ttlOf(record: Route53Record, sets: readonly ResourceRecordSet[]): number {
  if (sets.length === 0) return 0;
  return Math.max(...sets.map((set) => (set.AliasTarget === undefined ? (set.TTL ?? 0) : record.ttlSeconds)));
}

/**
 * The record sets as they shall be, from those that are there: whatever a set has besides its values, TTL and share of the
 * traffic (a health check) stays. Sets that the runbook does not name are not among them.
 *
 * @throws SwitchbackFailure `RecordChanged` when the sets at the provider are not those that the runbook describes
 */
export function setsToBe(record: Route53Record, sets: readonly ResourceRecordSet[], wanted: Wanted): SetChange[] {
  const { routing } = record.provider;
  if (routing === undefined) return [simple(record, sets, wanted)];
  const to = siteOf(record, wanted.values);
  const own = setOf(record, sets, routing.setIdentifiers[to]);
  const other = setOf(record, sets, routing.setIdentifiers[peerRole(to)]);
  // A set that customers get none of may hold anything without anybody noticing, until it is the one they get.
  if (!sameValues(valuesOf(own), wanted.values)) {
    throw notAsDescribed(record, `set "${own.SetIdentifier}" holds ${JSON.stringify(valuesOf(own))}`);
  }
  if (routing.policy === 'failover' && own.AliasTarget === undefined && own.HealthCheckId === undefined) {
    const what = `set "${own.SetIdentifier}" has no health check, and Route 53 lets no set be the primary one without`;
    throw notAsDescribed(record, what);
  }
  const [active, standby] = share(routing, [own, other]);
  return [
    { before: own, after: { ...withTtl(own, wanted.ttlSeconds), ...active } },
    { before: other, after: { ...withTtl(other, wanted.ttlSeconds), ...standby } },
  ];
}

/** What a move to either of the sites would be refused for, as long as the record is as it is. */
export function obstacleOf(record: Route53Record, sets: readonly ResourceRecordSet[]): string | undefined {
  for (const values of [record.values.primary, record.values.recovery]) {
    try {
      setsToBe(record, sets, { values, ttlSeconds: record.ttlSeconds });
    } catch (error) {
      if (error instanceof SwitchbackFailure) return error.message;
      throw error;
    }
  }
  return undefined;
}

/** A record set as it was read, and as it shall be. */
export interface SetChange {
  readonly before: ResourceRecordSet | undefined;
  readonly after: ResourceRecordSet;
}

const fullWeight = 100;

type Share = Pick<ResourceRecordSet, 'Weight' | 'Failover'>;

function share({ policy }: Route53Routing, sets: readonly ResourceRecordSet[]): readonly [Share, Share] {
  if (policy === 'failover') return [{ Failover: 'PRIMARY' }, { Failover: 'SECONDARY' }];
  return [{ Weight: Math.max(...sets.map(({ Weight = 0 }) => Weight)) || fullWeight }, { Weight: 0 }];
}

function simple(record: Route53Record, sets: readonly ResourceRecordSet[], wanted: Wanted): SetChange {
  const [before, second] = sets;
  if (second !== undefined || before?.SetIdentifier !== undefined) {
    throw notAsDescribed(record, `there are sets with identifiers, and the runbook names no routing`);
  }
  const { name: Name, type: Type } = record;
  const { ResourceRecords: _values, TTL: _ttl, AliasTarget: _alias, ...kept } = before ?? { Name, Type };
  return { before, after: { ...kept, ...contentOf(record, wanted) } };
}

function contentOf(record: Route53Record, { values, ttlSeconds }: Wanted): Partial<ResourceRecordSet> {
  const { alias } = record.provider;
  if (alias === undefined) return { TTL: ttlSeconds, ResourceRecords: values.map((Value) => ({ Value })) };
  const { hostedZoneId, evaluateTargetHealth } = alias[siteOf(record, values)];
  const [DNSName = ''] = values;
  return { AliasTarget: { HostedZoneId: hostedZoneId, DNSName, EvaluateTargetHealth: evaluateTargetHealth } };
}

function withTtl(set: ResourceRecordSet, ttlSeconds: number): ResourceRecordSet {
  return set.AliasTarget === undefined ? { ...set, TTL: ttlSeconds } : set;
}

function siteOf(record: Route53Record, values: readonly string[]): SiteRole {
  for (const role of ['primary', 'recovery'] as const) if (sameValues(record.values[role], values)) return role;
  const message = `${JSON.stringify(values)} are the values of neither site of record "${record.name}"`;
  throw new SwitchbackFailure('InvalidInput', message, { record: record.name });
}

function setOf(record: Route53Record, sets: readonly ResourceRecordSet[], identifier: string): ResourceRecordSet {
  const set = sets.find(({ SetIdentifier }) => SetIdentifier === identifier);
  if (set === undefined) throw notAsDescribed(record, `there is no set "${identifier}"`);
  return set;
}

function notAsDescribed({ name, type }: Route53Record, what: string): SwitchbackFailure {
  const message = `record "${name}" ${type}: ${what}; it was not changed`;
  return new SwitchbackFailure('RecordChanged', message, { record: name });
}
