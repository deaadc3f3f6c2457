import type { VerifiedGroup } from '../evidence/verify-evidence';
import { span, type Line } from '../terminal/line';

/** More are only counted: of a chain from elsewhere each entry is one. */
const MOST_FAULTS = 20;

/** What was found. `part`: of an archive, which begins and ends somewhere in the chain. */
export function verifiedLines(
  verified: VerifiedGroup,
  { place, part }: { readonly place: string; readonly part: boolean },
): Line[] {
  const { group, faults, head, entries, known } = verified;
  if (faults.length > 0) {
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
    const more = faults.length - MOST_FAULTS;
    return [
      [span('✗ ', 'red'), span(`${group}: ${count} in the evidence in ${place}`, 'bold')],
      ...faults.slice(0, MOST_FAULTS).map(({ where, what }): Line => [span(`  ${where}: ${what}`)]),
      ...(more > 0 ? [[span(`  and ${more} more`)]] : []),
      ...(isAnother(verified)
        ? [
            [
              span(
                '  None of it is what runs of the group have named: this is another store than theirs, or all was written anew.',
                'bold',
              ),
            ],
          ]
        : []),
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

/** Runs have named ends, and not one of those is here. */
const isAnother = ({ known, faults, entries }: VerifiedGroup): boolean => {
  const first = Math.min(...known.map(({ sequence }) => sequence));
  const wrong = faults.filter(({ what }) => what.startsWith('it is not the one that the ')).length;
  return (
    known.length > 0 && (entries.length === 0 || (entries.at(-1)?.sequence ?? 0) < first || wrong === known.length)
  );
};
