import net from 'node:net';
import { sameValues } from '../../../core/model/traffic';

export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'TXT';

/** All values of one name and type. */
export interface RecordSet {
  /** Fully qualified, lower case, no trailing dot. */
  readonly name: string;
  readonly type: RecordType;
  readonly ttl: number;
  readonly values: readonly string[];
}

/** CREATE: nothing of that name and type may be there. DELETE: exactly this must be there, TTL and all values. */
export interface RecordChange extends RecordSet {
  readonly action: 'CREATE' | 'DELETE';
}

export type BatchOutcome =
  | { readonly kind: 'applied'; readonly sets: readonly RecordSet[] }
  | { readonly kind: 'refused'; readonly code: 'InvalidChange' | 'RecordChanged'; readonly message: string };

const maxTtlSeconds = 604_800;

/**
 * Applies the changes one after the other, or none of them. DELETE of what was read and CREATE of what shall be, in one batch,
 * is a compare-and-swap: it is refused when anybody has changed anything in between.
 */
export function applyBatch(before: readonly RecordSet[], changes: readonly unknown[]): BatchOutcome {
  let sets = before;
  if (changes.length === 0) return { kind: 'refused', code: 'InvalidChange', message: 'the batch holds no change' };
  for (const [index, change] of changes.entries()) {
    const fault = isChange(change) ? faultOf(change) : 'it is not {action, name, type, ttl, values}';
    if (fault !== undefined || !isChange(change)) {
      return { kind: 'refused', code: 'InvalidChange', message: `change ${index + 1}: ${fault}` };
    }
    const conflict = conflictOf(sets, change);
    if (conflict !== undefined) {
      return { kind: 'refused', code: 'RecordChanged', message: `change ${index + 1}: ${conflict}` };
    }
    const { action, ...set } = change;
    sets = action === 'CREATE' ? [...sets, set] : sets.filter((present) => !sameKey(present, set));
  }
  return { kind: 'applied', sets };
}

function conflictOf(sets: readonly RecordSet[], change: RecordChange): string | undefined {
  const present = sets.find((set) => sameKey(set, change));
  if (change.action === 'DELETE') {
    if (present === undefined) return `there is no ${change.type} ${change.name}`;
    if (sameContent(present, change)) return undefined;
    return `${change.type} ${change.name} is ${JSON.stringify(present.values)} with TTL ${present.ttl}`;
  }
  if (present !== undefined) return `${change.type} ${change.name} exists: ${JSON.stringify(present.values)}`;
  const others = sets.filter((set) => set.name === change.name);
  if (others.some((set) => set.type === 'CNAME' || change.type === 'CNAME')) {
    return `${change.name} has other records; a CNAME stands alone`;
  }
  return undefined;
}

function sameKey(a: RecordSet, b: RecordSet): boolean {
  return a.name === b.name && a.type === b.type;
}

function sameContent(a: Pick<RecordSet, 'ttl' | 'values'>, b: Pick<RecordSet, 'ttl' | 'values'>): boolean {
  return a.ttl === b.ttl && sameValues(a.values, b.values);
}

function isChange(value: unknown): value is RecordChange {
  const change = value as Partial<Record<keyof RecordChange, unknown>> | null;
  return (
    (change?.action === 'CREATE' || change?.action === 'DELETE') &&
    typeof change.name === 'string' &&
    ['A', 'AAAA', 'CNAME', 'TXT'].includes(change.type as string) &&
    typeof change.ttl === 'number' &&
    Array.isArray(change.values) &&
    change.values.every((entry) => typeof entry === 'string')
  );
}

function faultOf({ name, type, ttl, values }: RecordChange): string | undefined {
  if (!isName(name)) return `"${name}" is no host name in lower case without a trailing dot`;
  if (!Number.isInteger(ttl) || ttl < 0 || ttl > maxTtlSeconds) return `TTL ${ttl} is not from 0 to ${maxTtlSeconds}`;
  if (values.length === 0 || new Set(values).size !== values.length) return 'values are missing or repeated';
  if (type === 'CNAME' && values.length > 1) return 'a CNAME has one value';
  const wrong = values.find((value) => !validValue[type](value));
  return wrong === undefined ? undefined : `"${wrong}" is no value for ${type}`;
}

const validValue: Readonly<Record<RecordType, (value: string) => boolean>> = {
  A: net.isIPv4,
  AAAA: net.isIPv6,
  CNAME: isName,
  TXT: (value) => Buffer.byteLength(value) <= 255,
};

function isName(name: string): boolean {
  return name.length <= 253 && name.split('.').every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
}
