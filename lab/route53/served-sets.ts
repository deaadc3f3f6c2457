import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { RecordSet, RecordType } from '../../drivers/local/dns/record-set';

/** What one question finds: the record sets of a zone after the service has chosen among those of one name and type. */
export function servedSets(
  sets: readonly ResourceRecordSet[],
  /** From 0 to below 1: which of the weighted sets this question gets. */
  chance: number = Math.random(),
): readonly RecordSet[] {
  const groups = new Map<string, ResourceRecordSet[]>();
  for (const set of sets) {
    const key = `${nameOf(set.Name)} ${set.Type}`;
    groups.set(key, [...(groups.get(key) ?? []), set]);
  }
  const chosen = [...groups.values()].map((group) => chosenOf(group, chance));
  return chosen.flatMap((set) => served(set, chosen, 0));
}

/** Failover sets count as healthy: the lab has no health checkers. */
function chosenOf(group: readonly ResourceRecordSet[], chance: number): ResourceRecordSet {
  const [first = {} as ResourceRecordSet] = group;
  if (first.Weight === undefined) return group.find((set) => set.Failover === 'PRIMARY') ?? first;
  const weights = group.map((set) => set.Weight ?? 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  // When all weights are zero, all sets are answered alike.
  const shares = total === 0 ? weights.map(() => 1 / group.length) : weights.map((weight) => weight / total);
  let left = chance;
  return group.find((_, index) => (left -= shares[index] ?? 0) < 0) ?? first;
}

const longestChain = 8;
/** What the service gives an alias of a load balancer; of a record of the zone, that record's own counts. */
const aliasTtlSeconds = 60;

function served(set: ResourceRecordSet, all: readonly ResourceRecordSet[], hops: number): RecordSet[] {
  const [name, type] = [nameOf(set.Name), set.Type as RecordType];
  if (!['A', 'AAAA', 'CNAME', 'TXT'].includes(type)) return [];
  if (set.AliasTarget === undefined) {
    const values = (set.ResourceRecords ?? []).map(({ Value = '' }) => (type === 'TXT' ? unquoted(Value) : Value));
    return [{ name, type, ttl: set.TTL ?? 0, values: type === 'CNAME' ? values.map(nameOf) : values }];
  }
  const target = nameOf(set.AliasTarget.DNSName);
  const next = all.find((other) => nameOf(other.Name) === target && other.Type === type);
  if (next === undefined || hops === longestChain) return [];
  return served(next, all, hops + 1).map(({ values, ttl }) => ({ name, type, values, ttl: ttl || aliasTtlSeconds }));
}

const nameOf = (name = ''): string => name.toLowerCase().replace(/\.$/, '');
const unquoted = (text: string): string => text.replace(/^"([^]*)"$/, '$1');
