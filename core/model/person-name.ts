/**
 * The form of a person's name by which people are told apart. E-mail addresses and logins name the same person in whatever
 * letter case they are written, and a rule about somebody must not end where that one writes "Ana" for "ana".
 */
export const personKey = (name: string): string => name.trim().normalize('NFKC').toLowerCase();

export const samePerson = (one: string, other: string): boolean => personKey(one) === personKey(other);

/** Each person once, as that one was written first. */
export const differentPeople = (names: readonly string[]): readonly string[] =>
  [...new Map(names.map((name) => [personKey(name), name] as const).reverse()).values()].reverse();
