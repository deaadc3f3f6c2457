import type { Runbook } from '../model/runbook';

const MOST_NAMED = 8;
const LONGEST_VALUE = 60;

/** What differs between two versions of a runbook, as "workloads.web.priority: was 2, is now 3", the first few of them. */
export function runbookChanges(before: Runbook, after: Runbook): readonly string[] {
  const changes = [...changesAt('', before, after)];
  const more = changes.length - MOST_NAMED;
  return more > 0 ? [...changes.slice(0, MOST_NAMED), `and ${more} more`] : changes;
}

function* changesAt(path: string, before: unknown, after: unknown): Iterable<string> {
  if (isMap(before) && isMap(after)) {
    const [left, right] = [byName(before), byName(after)];
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      yield* changesAt(path === '' ? key : `${path}.${key}`, left[key], right[key]);
    }
    const order = (map: object): string => Object.keys(map).join();
    if (Array.isArray(before) && order(left) !== order(right) && isSameSet(left, right))
      yield `${path}: in another order`;
    return;
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  if (before === undefined) yield `${path}: new`;
  else if (after === undefined) yield `${path}: not there any more`;
  else yield `${path}: was ${shown(before)}, is now ${shown(after)}`;
}

const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isSameSet = (left: object, right: object): boolean =>
  Object.keys(left).sort().join() === Object.keys(right).sort().join();

/** Members of a list that have names go by them, so that one that is added does not change all that follow. */
function byName(value: object): Readonly<Record<string, unknown>> {
  if (!Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    value.map((member: unknown, index) => {
      const name = isMap(member) ? (member as { readonly name?: unknown }).name : undefined;
      return [typeof name === 'string' ? name : String(index), member];
    }),
  );
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
