import type { KnownHead, VerifiedChain } from '../../core/evidence/verify-chain';
import { span, type Line } from '../terminal/line';

/** A chain, or the part of one that is in an archive, as it was found. */
export interface VerifiedGroup extends VerifiedChain {
  readonly group: string;
  readonly known: readonly KnownHead[];
}

/** More are only counted: of a chain from elsewhere each entry is one. */
const MOST_FAULTS = 20;
const ANOTHER =
  '  Nothing that was named elsewhere is here: this is another store than the one of the workers, or all of that was removed or written anew.';

/** What was found. `part`: of an archive, which begins and ends somewhere in the chain. */
export function verifiedLines(
  verified: VerifiedGroup,
  { place, part }: { readonly place: string; readonly part: boolean },
): Line[] {
  const { group, faults, head, entries, known, confirmed } = verified;
  if (faults.length > 0) {
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
    const more = faults.length - MOST_FAULTS;
    return [
      [span('✗ ', 'red'), span(`${group}: ${count} in the evidence in ${place}`, 'bold')],
      ...faults.slice(0, MOST_FAULTS).map(({ where, what }): Line => [span(`  ${where}: ${what}`)]),
      ...(more > 0 ? [[span(`  and ${more} more`)]] : []),
      ...(known.length > 0 && confirmed === 0 ? [[span(ANOTHER, 'bold')]] : []),
    ];
  }
  const last = Math.max(0, ...known.map(({ sequence }) => sequence));
  const end =
    last > 0
      ? `nothing is missing up to entry ${last}, as ${known.length === 1 ? 'it was' : 'they were'} named elsewhere (${known.length})`
      : 'whether its end is the one that was kept is not known';
  const first = entries[0]?.sequence ?? head.sequence;
  return [
    [
      span('✓ ', 'green'),
      span(
        `${group}: ${entries.length === 1 ? '1 entry' : `${entries.length} entries`}, each as it was written`,
        'bold',
      ),
      span(`; ${end}`),
    ],
    ...(part ? [[span(`  from entry ${first} to entry ${head.sequence} of the chain`, 'dim')]] : []),
    [span(`  ends with ${head.sequence}:${head.hash}`, 'dim')],
  ];
}
