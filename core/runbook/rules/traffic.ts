import type { SiteRole } from '../../model/site';
import type { Problem } from '../diagnostic';
import { didYouMean } from '../nearest-name';
import type { Part } from '../part';
import { quote } from '../quote';
import { isDnsName, isIpv4, isIpv6 } from '../schema/addresses';

const roles: readonly SiteRole[] = ['primary', 'recovery'];

const defaultMs = { ttl: 60_000, moveTtl: 1000 } as const;

export function* recordTtls(runbook: Part): Iterable<Problem> {
  for (const record of runbook.at('traffic').items) {
    const [ttl, moveTtl] = [record.at('ttl'), record.at('moveTtl')];
    if (moveTtl.ms === undefined || moveTtl.ms <= (ttl.ms ?? defaultMs.ttl)) continue;
    yield moveTtl.problem('TtlOrder', `moveTtl ${moveTtl.text ?? ''} is longer than the ttl, ${ttl.text ?? '60s'}`);
  }
}

interface ValueType {
  readonly is: (value: string) => boolean;
  readonly named: string;
  /** What the values belong to, in messages. */
  readonly of: string;
  /** Whether the address of a site will do when no value is given. */
  readonly fromAddress: boolean;
  readonly single: boolean;
}

const many = { fromAddress: false, single: false };
const valueTypes: Readonly<Record<string, ValueType>> = {
  A: { ...many, is: isIpv4, named: 'an IPv4 address', of: 'a record of type A', fromAddress: true },
  AAAA: { ...many, is: isIpv6, named: 'an IPv6 address', of: 'a record of type AAAA' },
  CNAME: {
    ...many,
    is: isDnsName,
    named: 'a DNS name in full, in lower case, without a dot at the end',
    of: 'a record of type CNAME',
    single: true,
  },
  alias: {
    ...many,
    is: isDnsName,
    named: 'the DNS name of a target in full, in lower case, without a dot at the end',
    of: 'an alias',
    single: true,
  },
};

export function* recordValues(runbook: Part): Iterable<Problem> {
  const sites = new Map(roles.map((role) => [role, runbook.at('sites').at(role).at('name').text]));
  for (const record of runbook.at('traffic').items) {
    const values = record.at('values');
    yield* siteKeys(values, [...roles, ...[...sites.values()].flatMap((name) => name ?? [])]);
    const type = typeOf(record);
    for (const [role, name] of sites) {
      const given = [role, name].flatMap((key) => (key !== undefined && values.at(key).present ? values.at(key) : []));
      yield* valuesOfSite(given, { type, role, record });
    }
  }
}

function typeOf(record: Part): string {
  if (record.at('provider').at('alias').present) return 'alias';
  return record.at('type').text ?? (record.at('type').present ? '' : 'A');
}

/** Each site needs a set of its own, and an alias that is a CNAME is no record that the service knows. */
export function* recordSets(runbook: Part): Iterable<Problem> {
  for (const record of runbook.at('traffic').items) {
    const provider = record.at('provider');
    const identifiers = provider.at('routing').at('setIdentifiers');
    const [primary, recovery] = [identifiers.at('primary'), identifiers.at('recovery')];
    if (primary.text !== undefined && primary.text === recovery.text) {
      const message = `the record set ${quote(primary.text)} is there twice`;
      yield recovery.problem('DuplicateName', message, { first: primary.path });
    }
    if (provider.at('alias').present && record.at('type').text === 'CNAME') {
      yield record.at('type').problem('RecordValues', 'an alias has the type of what its target leads to: A or AAAA');
    }
  }
}

function* siteKeys(values: Part, known: readonly string[]): Iterable<Problem> {
  for (const key of values.keys) {
    if (known.includes(key)) continue;
    const message = `site ${quote(key)} is not declared${didYouMean(key, known)}`;
    yield values.at(key).problem('UnknownSite', message, { at: 'key' });
  }
}

interface Wanted {
  readonly type: string;
  readonly role: SiteRole;
  readonly record: Part;
}

function* valuesOfSite(given: readonly Part[], { type, role, record }: Wanted): Iterable<Problem> {
  const valueType = valueTypes[type];
  const [first, second] = given;
  if (first !== undefined && second !== undefined) {
    const message = `the ${role} site has values already, by its role`;
    yield second.problem('RecordValues', message, { at: 'key', first: first.path });
  }
  if (valueType === undefined) return;
  if (first === undefined && !valueType.fromAddress) {
    yield record.problem('RecordValues', `${valueType.of} needs values for the ${role} site`);
  }
  for (const value of given.flatMap((part) => part.items)) {
    if (value.text === undefined || valueType.is(value.text)) continue;
    yield value.problem('RecordValues', `${quote(value.text)} is not ${valueType.named}, as ${valueType.of} needs`);
  }
  if (valueType.single && first !== undefined && first.items.length > 1) {
    yield first.problem('RecordValues', `${valueType.of} has exactly one value`);
  }
}
