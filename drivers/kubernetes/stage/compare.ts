import type { KubeObject } from '../kube-object';
import { type Draft, isDraft } from './draft';

type Way = readonly string[];

/** Ways to what is missing or another in the live object; what it has beyond the wanted one is nobody's business here. */
export function differing(wanted: unknown, live: unknown, way: Way = []): readonly Way[] {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(live) || live.length !== wanted.length) return [way];
    return wanted.flatMap((item, index) => differing(item, live[index], [...way, String(index)]));
  }
  if (isDraft(wanted)) {
    if (!isDraft(live)) return Object.keys(wanted).length === 0 && live === undefined ? [] : [way];
    return Object.entries(wanted).flatMap(([key, member]) => differing(member, live[key], [...way, key]));
  }
  return wanted === live ? [] : [way];
}

interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly fieldsV1?: Draft;
}

/** Ways to what the manager has applied before and does not want any more: with the next apply the server removes it. */
export function abandoned(wanted: Draft, live: KubeObject, manager: string): readonly Way[] {
  const entries = (live.metadata as { managedFields?: readonly ManagedFields[] }).managedFields ?? [];
  return entries
    .filter((one) => one.manager === manager && one.operation === 'Apply' && one.subresource === undefined)
    .flatMap(({ fieldsV1 }) => missing(fieldsV1 ?? {}, wanted, []));
}

/** "f:name" is a member, 'k:{"name":"web"}' an item by its keys, "v:text" an item of a set; "." the thing itself. */
function missing(fields: Draft, wanted: unknown, way: Way): readonly Way[] {
  return Object.entries(fields).flatMap(([field, inner]) => {
    if (field === '.') return [];
    const [name, found] = stepInto(field, wanted);
    if (found === undefined) return [[...way, name]];
    return isDraft(inner) ? missing(inner, found, [...way, name]) : [];
  });
}

function stepInto(field: string, wanted: unknown): readonly [name: string, found: unknown] {
  const rest = field.slice(2);
  if (field.startsWith('f:')) return [rest, isDraft(wanted) ? wanted[rest] : undefined];
  const items = Array.isArray(wanted) ? (wanted as readonly unknown[]) : [];
  const keys: unknown = JSON.parse(rest);
  if (field.startsWith('i:')) return [rest, items[Number(rest)]];
  if (!isDraft(keys)) return [rest, items.find((item) => item === keys)];
  const isIt = (item: unknown): boolean =>
    isDraft(item) && Object.entries(keys).every(([key, value]) => item[key] === value);
  return [Object.values(keys).join(','), items.find(isIt)];
}

/** "data.limits"; a way to nothing more precise than the object itself is no name. */
export const fieldNames = (ways: readonly Way[]): readonly string[] =>
  [...new Set(ways.map((way) => way.join('.')).filter((name) => name !== ''))].sort();
