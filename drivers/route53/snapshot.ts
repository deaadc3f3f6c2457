import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { isDeepStrictEqual } from 'node:util';
import { SwitchbackFailure } from '../../core/model/failure';
import type { RecordState } from '../../core/model/traffic';
import type { CallContext } from '../ports';
import {
  ownershipName,
  ownershipText,
  ownershipTtlSeconds,
  parseOwnership,
  unowned,
  type Ownership,
} from '../record-ownership';
import { leadingValues, ttlOf, valuesOf, type SetChange } from './next-sets';
import { plainName } from './plain-name';
import type { Route53Api, SetKey, SetPage } from './route53-api';
import type { Route53Record } from './route53-record';

/** What was read together and is replaced together. */
export interface Snapshot {
  readonly record: Route53Record;
  readonly sets: readonly ResourceRecordSet[];
  readonly owner: ResourceRecordSet | undefined;
  readonly ownership: Ownership;
}

export async function readSnapshot(api: Route53Api, record: Route53Record, context: CallContext): Promise<Snapshot> {
  const { name, type } = record;
  const zone = record.provider.hostedZoneId;
  const page = await api.recordSets({ zone, name, type }, context);
  const ofOwner = { zone, name: ownershipName(name), type: 'TXT' } as const;
  // Mostly close enough behind the record to come with it. Should somebody change both between two reads, the batch is refused.
  const [near] = named(page, ofOwner);
  const [owner] = near === undefined && page.more ? named(await api.recordSets(ofOwner, context), ofOwner) : [near];
  return { record, sets: named(page, { name, type }), owner, ownership: ownershipOf(record, owner) };
}

const named = ({ sets }: SetPage, { name, type }: Omit<SetKey, 'zone'>): ResourceRecordSet[] =>
  sets.filter((set) => plainName(set.Name) === name && set.Type === type);

function ownershipOf({ name }: Route53Record, owner: ResourceRecordSet | undefined): Ownership {
  if (owner === undefined) return unowned;
  const texts = (owner.ResourceRecords ?? []).map(({ Value = '' }) => Value.replace(/^"([^]*)"$/, '$1'));
  const ownership = parseOwnership(texts.join('\n'));
  if (ownership !== undefined) return ownership;
  const message = `TXT ${ownershipName(name)} is ${JSON.stringify(texts)}, which is no ownership record; remove it or put it right`;
  throw new SwitchbackFailure('RecordChanged', message, { record: name });
}

export function stateOf({ record, sets, ownership }: Omit<Snapshot, 'owner'>): RecordState {
  const { name, type } = record;
  return { name, type, values: leadingValues(sets), ttlSeconds: ttlOf(record, sets), epoch: ownership.epoch };
}

/** The snapshot once the changes are made. */
export function changed(before: Snapshot, changes: readonly SetChange[], ownership: Ownership): Snapshot {
  const replaced = changes.flatMap((change) => change.before ?? []);
  const sets = [...before.sets.filter((set) => !replaced.includes(set)), ...changes.map(({ after }) => after)];
  return { ...before, sets, ownership, owner: ownerSet(before, ownership) };
}

function ownerSet({ record, owner }: Snapshot, ownership: Ownership): ResourceRecordSet | undefined {
  if (ownership.epoch === unowned.epoch) return owner;
  const ResourceRecords = [{ Value: `"${ownershipText(ownership)}"` }];
  return { Name: ownershipName(record.name), Type: 'TXT', TTL: ownershipTtlSeconds, ResourceRecords };
}

/** Whether nothing of what the driver changes is different: owner, values, TTL, share of the traffic. */
export function sameSnapshot(one: Snapshot, other: Snapshot): boolean {
  const contents = ({ sets }: Snapshot): readonly string[] => sets.map(contentOf).sort();
  return isDeepStrictEqual([one.ownership, contents(one)], [other.ownership, contents(other)]);
}

function contentOf(set: ResourceRecordSet): string {
  const { SetIdentifier, TTL, Weight, Failover, AliasTarget } = set;
  const target = [AliasTarget?.HostedZoneId, AliasTarget?.EvaluateTargetHealth];
  return JSON.stringify([SetIdentifier, TTL, Weight, Failover, target, [...valuesOf(set)].sort()]);
}

/**
 * All that was read is deleted exactly as it was read, and what shall be is created: the service applies nothing of it when
 * anything has changed since. Deletions come first, so that two sets never claim the same share of the traffic.
 */
export function swapOf(before: Snapshot, after: Snapshot): readonly Change[] {
  const gone = [...before.sets.filter((set) => !after.sets.includes(set)), before.owner];
  const made = [...after.sets.filter((set) => !before.sets.includes(set)), after.owner];
  return [...changesOf('DELETE', gone), ...changesOf('CREATE', made)];
}

const changesOf = (Action: Change['Action'], sets: readonly (ResourceRecordSet | undefined)[]): Change[] =>
  sets.flatMap((ResourceRecordSet) => (ResourceRecordSet === undefined ? [] : [{ Action, ResourceRecordSet }]));
