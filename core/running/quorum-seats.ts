import { personKey } from '../model/person-name';
import type { QuorumPart } from '../model/runbook';

/**
 * How many seats of each part are taken when everybody is seated as well as possible, nobody twice: somebody who belongs to
 * two groups moves over when that lets another one sit down (augmenting paths in a bipartite graph).
 *
 * @param places by person, whose places that one takes, as `personKey`s.
 */
export function seated(
  parts: readonly QuorumPart[],
  places: ReadonlyMap<string, readonly string[]>,
): readonly number[] {
  const seats = parts.flatMap(({ count, people }, part) => {
    const members = new Set(people.map(personKey));
    return Array.from({ length: count }, () => ({ part, members }));
  });
  const taken = new Map<number, string>();
  const sitDown = (person: string, tried: Set<number>): boolean =>
    seats.some(({ members }, seat) => {
      if (tried.has(seat) || !(places.get(person) ?? []).some((place) => members.has(place))) return false;
      tried.add(seat);
      const there = taken.get(seat);
      if (there !== undefined && !sitDown(there, tried)) return false;
      taken.set(seat, person);
      return true;
    });
  for (const person of places.keys()) sitDown(person, new Set());
  return parts.map((_, part) => [...taken.keys()].filter((seat) => seats[seat]?.part === part).length);
}
