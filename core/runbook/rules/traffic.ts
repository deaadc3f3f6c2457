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

/** What a value of each type must be, and whether the address of a site will do when no value is given. */
const valueTypes: Readonly<Record<string, { is: (value: string) => boolean; named: string; fromAddress: boolean }>> = {
  A: { is: isIpv4, named: 'an IPv4 address', fromAddress: true },
  AAAA: { is: isIpv6, named: 'an IPv6 address', fromAddress: false },
  CNAME: { is: isDnsName, named: 'a DNS name in full, in lower case, without a dot at the end', fromAddress: false },
};

export function* recordValues(runbook: Part): Iterable<Problem> {
  const sites = new Map(roles.map((role) => [role, runbook.at('sites').at(role).at('name').text]));
  for (const record of runbook.at('traffic').items) {
    const values = record.at('values');
    yield* siteKeys(values, [...roles, ...[...sites.values()].flatMap((name) => name ?? [])]);
    const type = record.at('type').text ?? (record.at('type').present ? '' : 'A');
    for (const [role, name] of sites) {
      const given = [role, name].flatMap((key) => (key !== undefined && values.at(key).present ? values.at(key) : []));
      yield* valuesOfSite(given, { type, role, record });
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
    yield record.problem('RecordValues', `a record of type ${type} needs values for the ${role} site`);
  }
  for (const value of given.flatMap((part) => part.items)) {
    if (value.text === undefined || valueType.is(value.text)) continue;
    yield value.problem(
      'RecordValues',
      `${quote(value.text)} is not ${valueType.named}, as a record of type ${type} needs`,
    );
  }
  if (type === 'CNAME' && first !== undefined && first.items.length > 1) {
    yield first.problem('RecordValues', 'a record of type CNAME has exactly one value');
  }
}
