/** A JSON object that is being changed. */
export type Draft = { [key: string]: unknown };

export const isDraft = (value: unknown): value is Draft =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object at the end of a way of keys; undefined where the way ends before. */
export function within(draft: unknown, ...keys: readonly string[]): Draft | undefined {
  let found = draft;
  for (const key of keys) found = isDraft(found) ? found[key] : undefined;
  return isDraft(found) ? found : undefined;
}

/** The objects of a list at the end of a way of keys. */
export function listWithin(draft: unknown, ...keys: readonly string[]): readonly Draft[] {
  const last = keys.at(-1) ?? '';
  const list = within(draft, ...keys.slice(0, -1))?.[last];
  return Array.isArray(list) ? list.filter(isDraft) : [];
}

/** Members that are null say no more than those that are missing, and server-side apply takes them for a value. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isDraft(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNulls(member)]));
}
