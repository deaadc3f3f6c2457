import type { TrafficSpec } from '../../core/model/traffic';
import { ownershipName } from '../../drivers/record-ownership';

type Condition = Readonly<Record<string, string | readonly string[]>>;

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<'ForAllValues:StringEquals' | 'Null', Condition>>;
}

export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

const key = (what: string): string => `route53:ChangeResourceRecordSets${what}`;

/**
 * What a worker may do that moves these records, and no more: read the record sets of their zones, replace those of their names
 * and types and the ownership records beside them, and ask how far a change has come. It may not overwrite (UPSERT).
 *
 * `partition`: "aws", "aws-cn", "aws-us-gov".
 */
export function route53Policy(records: readonly TrafficSpec[], partition = 'aws'): Policy {
  const arn = (resource: string): string => `arn:${partition}:route53:::${resource}`;
  const zones = new Map<string, TrafficSpec[]>();
  for (const record of records) {
    if (record.provider.driver !== 'route53') continue;
    const { hostedZoneId } = record.provider;
    zones.set(hostedZoneId, [...(zones.get(hostedZoneId) ?? []), record]);
  }
  const statements = [...zones].flatMap(([zone, inZone]): PolicyStatement[] => [
    {
      Sid: `Read${zone}`,
      Effect: 'Allow',
      Action: 'route53:ListResourceRecordSets',
      Resource: arn(`hostedzone/${zone}`),
    },
    {
      Sid: `Change${zone}`,
      Effect: 'Allow',
      Action: 'route53:ChangeResourceRecordSets',
      Resource: arn(`hostedzone/${zone}`),
      Condition: conditionOf(inZone),
    },
  ]);
  if (statements.length === 0) return { Version: '2012-10-17', Statement: [] };
  const follow = {
    Sid: 'FollowChange',
    Effect: 'Allow',
    Action: 'route53:GetChange',
    Resource: arn('change/*'),
  } as const;
  return { Version: '2012-10-17', Statement: [...statements, follow] };
}

function conditionOf(records: readonly TrafficSpec[]): NonNullable<PolicyStatement['Condition']> {
  const names = records.flatMap(({ name }) => [name, ownershipName(name)]);
  const types = [...new Set([...records.map(({ type }) => type), 'TXT'])];
  const allowed = {
    [key('NormalizedRecordNames')]: names.map(normalized),
    [key('RecordTypes')]: types,
    [key('Actions')]: ['CREATE', 'DELETE'],
  };
  // ForAllValues holds when the key is absent: a request without it must not pass.
  const present = Object.fromEntries(Object.keys(allowed).map((name) => [name, 'false']));
  return { 'ForAllValues:StringEquals': allowed, Null: present };
}

/** As the service compares names: lower case, no dot at the end, and all but a-z, 0-9, "-", "_" and "." as \ooo. */
const normalized = (name: string): string =>
  name
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/[^a-z0-9._-]/g, (letter) => `\\${letter.charCodeAt(0).toString(8).padStart(3, '0')}`);
