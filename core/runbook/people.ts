import type { Person } from '../model/runbook';
import { present } from './present';
import type { WrittenRunbook } from './schema';

export const peopleOf = (written: WrittenRunbook['people']): readonly Person[] =>
  written.map(({ name, groups, publicKey }) => ({ name, groups, ...present({ publicKey }) }));

export const membersOf = (people: readonly Person[], group: string): readonly string[] =>
  people.filter(({ groups }) => groups.includes(group)).map(({ name }) => name);

/** People and groups as people, nobody twice. */
export const resolved = (people: readonly Person[], named: readonly string[]): readonly string[] => [
  ...new Set(
    named.flatMap((name) => {
      const members = membersOf(people, name);
      return members.length > 0 ? members : [name];
    }),
  ),
];

/** Public keys of those who may answer and have one; without anybody named, anyone may. */
export const keysOf = (people: readonly Person[], who: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    people.flatMap(({ name, publicKey }) =>
      publicKey !== undefined && (who.length === 0 || who.includes(name)) ? [[name, publicKey]] : [],
    ),
  );
