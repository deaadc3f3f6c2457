import type { AliasTarget, Route53Provider, TrafficProvider, TrafficSpec } from '../model/traffic';
import { sameValues } from '../model/traffic';
import type { SiteRole } from '../model/site';
import { act, type Block } from './paper';
import { quoted, shellJson } from './shell';

/** What a record is, and what it shall be. */
export interface RecordChange {
  readonly record: TrafficSpec;
  readonly before: { readonly values: readonly string[]; readonly ttlSeconds: number };
  readonly after: { readonly values: readonly string[]; readonly ttlSeconds: number };
}

/** Several changes of records of one provider, as one request where the provider takes them as one. */
type Provider<P extends TrafficProvider> = (
  changes: readonly RecordChange[],
  owner: { readonly group: string; readonly epoch: string; readonly provider: P },
) => readonly Block[];

const OWNER_TTL = 5;
const ownerName = (record: string): string => `_switchback.${record}`;

/** What was there is removed exactly as it was read, in the request that makes the new set: nobody else's change is overwritten. */
const local: Provider<Extract<TrafficProvider, { driver: 'local' }>> = (changes, { group, epoch, provider: { api } }) =>
  changes.map(({ record: { name, type }, after }) =>
    act(
      `old_set() { curl --silent --show-error "${api}/records?name=$1" | grep -o "{[^{}]*\\"type\\":\\"$2\\"[^{}]*}" | sed 's/^{/{"action":"DELETE",/' || true; }`,
      `OLD=$(old_set ${name} ${type})`,
      `OWNER=$(old_set ${ownerName(name)} TXT)`,
      `curl --silent --show-error --fail-with-body --data-binary @- ${api}/changes <<EOF`,
      `{"changes":[\${OLD:+$OLD,}\${OWNER:+$OWNER,}${[
        { action: 'CREATE', name, type, ttl: after.ttlSeconds, values: after.values },
        {
          action: 'CREATE',
          name: ownerName(name),
          type: 'TXT',
          ttl: OWNER_TTL,
          values: [`group=${group} epoch=${epoch}`],
        },
      ]
        .map((change) => shellJson(change))
        .join(',')}]}`,
      'EOF',
    ),
  );

/** One atomic batch a zone. A DELETE that does not meet the record exactly refuses the whole batch. */
const route53: Provider<Route53Provider> = (changes, { group, epoch, provider: { hostedZoneId } }) => {
  const batch = changes.flatMap((change) => [
    ...recordChanges(change),
    {
      Action: 'UPSERT',
      ResourceRecordSet: {
        Name: `${ownerName(change.record.name)}.`,
        Type: 'TXT',
        TTL: OWNER_TTL,
        ResourceRecords: [{ Value: `"group=${group} epoch=${epoch}"` }],
      },
    },
  ]);
  return [
    act(
      ...changes.map(
        ({ record: { name, type } }) =>
          `aws route53 list-resource-record-sets --hosted-zone-id ${hostedZoneId} --query ${quoted(`ResourceRecordSets[?Name=='${name}.' && Type=='${type}']`)}`,
      ),
    ),
    act(
      'cat > switchback-records.json <<EOF',
      shellJson({ Comment: `switchback paper ${group}`, Changes: batch }),
      'EOF',
      `aws route53 change-resource-record-sets --hosted-zone-id ${hostedZoneId} --change-batch file://switchback-records.json --query ChangeInfo.Id --output text | tee switchback-change.txt`,
      'aws route53 wait resource-record-sets-changed --id "$(cat switchback-change.txt)"',
    ),
  ];
};

function recordChanges({ record, before, after }: RecordChange): readonly object[] {
  const { routing, alias } = record.provider as Route53Provider;
  const base = { Name: `${record.name}.`, Type: record.type };
  const content = (values: readonly string[], ttlSeconds: number): object => {
    if (alias === undefined) return { TTL: ttlSeconds, ResourceRecords: values.map((Value) => ({ Value })) };
    const { hostedZoneId, evaluateTargetHealth } = alias[roleOf(record, values)] satisfies AliasTarget;
    const [DNSName = ''] = values;
    return { AliasTarget: { HostedZoneId: hostedZoneId, DNSName, EvaluateTargetHealth: evaluateTargetHealth } };
  };
  if (routing === undefined) {
    return [
      { Action: 'DELETE', ResourceRecordSet: { ...base, ...content(before.values, before.ttlSeconds) } },
      { Action: 'CREATE', ResourceRecordSet: { ...base, ...content(after.values, after.ttlSeconds) } },
    ];
  }
  const led = roleOf(record, after.values);
  return (['primary', 'recovery'] as const).map((role) => ({
    Action: 'UPSERT',
    ResourceRecordSet: {
      ...base,
      SetIdentifier: routing.setIdentifiers[role],
      ...(routing.policy === 'weighted'
        ? { Weight: role === led ? 100 : 0 }
        : { Failover: role === led ? 'PRIMARY' : 'SECONDARY' }),
      ...content(record.values[role], after.ttlSeconds),
    },
  }));
}

const roleOf = ({ values }: TrafficSpec, wanted: readonly string[]): SiteRole =>
  sameValues(values.primary, wanted) ? 'primary' : 'recovery';

const memory: Provider<Extract<TrafficProvider, { driver: 'memory' }>> = () => [];

/** Closed: a new provider says here how its records are changed by hand. */
const providers: {
  readonly [Driver in TrafficProvider['driver']]: Provider<Extract<TrafficProvider, { driver: Driver }>>;
} = { local, route53, memory };

/** The commands that change the records, and what people must know of them. */
export function changeRecords(
  changes: readonly [RecordChange, ...RecordChange[]],
  owner: { readonly group: string; readonly epoch: string },
): { readonly tells: readonly string[]; readonly blocks: readonly Block[] } {
  const { provider } = changes[0].record;
  const change = providers[provider.driver] as Provider<TrafficProvider>;
  return { tells: tellsOf(provider), blocks: change(changes, { ...owner, provider }) };
}

function tellsOf(provider: TrafficProvider): readonly string[] {
  if (provider.driver === 'memory') return ['This record exists in simulations only.'];
  if (provider.driver === 'local') return [];
  const known =
    'The first command shows what is there. What it shows besides values, TTL and share of the traffic (a HealthCheckId, say) goes into the new sets as well.';
  if (provider.routing !== undefined) return [known];
  return [
    known,
    'Where it shows another TTL or other values than the DELETE below, somebody else has changed the record: find out who before you go on.',
  ];
}
