import { differentPeople, samePerson } from '../model/person-name';
import type { Person } from '../model/runbook';
import { present } from './present';
import type { WrittenRunbook } from './schema';

export const peopleOf = (written: WrittenRunbook['people']): readonly Person[] =>
  written.map(({ name, groups, publicKey }) => ({ name, groups, ...present({ publicKey }) }));

export const membersOf = (people: readonly Person[], group: string): readonly string[] =>
  people.filter(({ groups }) => groups.includes(group)).map(({ name }) => name);

/** People and groups as people, nobody twice; of those who are declared, in the spelling of the declaration. */
export const resolved = (people: readonly Person[], named: readonly string[]): readonly string[] =>
  differentPeople(
    named.flatMap((name) => {
      const members = membersOf(people, name);
      if (members.length > 0) return members;
      return [people.find((person) => samePerson(person.name, name))?.name ?? name];
    }),
  );
