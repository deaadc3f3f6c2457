import type { Person } from '../model/runbook';

/** Public keys of those who may answer and have one; without anybody named, anyone may. */
export const keysOf = (people: readonly Person[], who: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    people.flatMap(({ name, publicKey }) =>
      publicKey !== undefined && (who.length === 0 || who.includes(name)) ? [[name, publicKey]] : [],
    ),
  );
