import { quote } from './quote';

/** Longer names are not compared: the distance costs the product of both lengths, and names in a file may be hostile. */
const LONGEST_COMPARED = 48;

const MOST_COMPARED = 500;

/**
 * The candidate that was probably meant: one that is equal but for case, begins the same, or is at most a third of the
 * letters away. Undefined when none is near.
 */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  if (name.length === 0 || name.length > LONGEST_COMPARED) return undefined;
  const wanted = name.toLowerCase();
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates.slice(0, MOST_COMPARED)) {
    const distance = candidateDistance(wanted, candidate.toLowerCase());
    if (distance !== undefined && distance < (best?.distance ?? Infinity)) best = { candidate, distance };
  }
  return best?.candidate;
}

function candidateDistance(wanted: string, candidate: string): number | undefined {
  const limit = Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3));
  if (Math.abs(wanted.length - candidate.length) <= limit && candidate.length <= LONGEST_COMPARED) {
    const distance = editDistance(wanted, candidate);
    if (distance <= limit) return distance;
  }
  const shorter = Math.min(wanted.length, candidate.length);
  const sameBeginning = shorter >= 3 && (wanted.startsWith(candidate) || candidate.startsWith(wanted));
  return sameBeginning ? LONGEST_COMPARED : undefined;
}

/** Levenshtein distance with the exchange of two neighbours counted as one edit: "legder" is one away from "ledger". */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (beforeLast[column - 2] ?? 0) + 1 : Infinity,
        ),
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

const MOST_LISTED = 8;

/** End of a message about an unknown name: `; did you mean "paris"?`, or what there is. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const nearest = nearestName(name, candidates);
  if (nearest !== undefined) return `; did you mean ${quote(nearest)}?`;
  if (candidates.length === 0) return '';
  const more = candidates.length > MOST_LISTED ? ', ...' : '';
  return `; possible: ${candidates.slice(0, MOST_LISTED).map(quote).join(', ')}${more}`;
}
