import type { EvidenceHead } from '../model/evidence';
import { emptyHead, readEntry, type EvidenceEntry, type Sha256 } from './entry';

/** What was found wrong with a chain. */
export interface EvidenceFault {
  /** Where: "entry 12", "entries 12 to 15", "body of entry 12". */
  readonly where: string;
  readonly what: string;
}

export interface VerifiedChain {
  /** Those that can be read, in their order. */
  readonly entries: readonly EvidenceEntry[];
  /** Of the last one. */
  readonly head: EvidenceHead;
  readonly faults: readonly EvidenceFault[];
  /** How many of the known heads are what they were. */
  readonly confirmed: number;
}

/** A chain, or a part of one, as it is stored. */
export interface StoredChain {
  readonly group: string;
  /** What comes before the first entry; absent: nothing does. */
  readonly after?: EvidenceHead;
  /** Texts of the entries by their sequence. */
  readonly entries: ReadonlyMap<number, string>;
  /** SHA-256 of the text that is stored as the body of this hash; undefined: there is none. */
  readonly bodyHash: (hash: string) => string | undefined;
}

/** The end that a chain had at some moment, as somebody else has kept it. */
export interface KnownHead extends EvidenceHead {
  /** Who: "memo of failback/shop/1". */
  readonly by: string;
}

/**
 * Every change, removal, reordering and insertion is a fault. So is a cut, and an end that was written anew, as far as others have
 * kept what the end was: without `known` heads nobody can tell.
 */
export function verifyChain(chain: StoredChain, sha256: Sha256, known: readonly KnownHead[] = []): VerifiedChain {
  const after = chain.after ?? emptyHead;
  const entries: EvidenceEntry[] = [];
  const faults = againstKnown(after, known);
  let confirmed = countOf(after, known);
  let head = after;
  let expected = after.sequence + 1;
  const sequences = [...chain.entries.keys()].sort((one, other) => one - other);
  for (const sequence of sequences) {
    const where = `entry ${sequence}`;
    if (sequence > expected) faults.push(missing(expected, sequence - 1));
    expected = Math.max(expected, sequence + 1);
    const text = chain.entries.get(sequence) ?? '';
    const entry = readEntry(text);
    const wrong = typeof entry === 'string' ? entry : whyNotNext(entry, { group: chain.group, sequence, head });
    if (wrong !== undefined) faults.push({ where, what: wrong });
    head = { sequence, hash: sha256(text) };
    faults.push(...againstKnown(head, known));
    confirmed += countOf(head, known);
    if (typeof entry === 'string') continue;
    const body = chain.bodyHash(entry.body);
    if (body === undefined) faults.push({ where: `body of ${where}`, what: 'it is missing' });
    else if (body !== entry.body) faults.push({ where: `body of ${where}`, what: 'it is not what was kept' });
    entries.push(entry);
  }
  const end = Math.max(0, ...known.map(({ sequence }) => sequence));
  if (end >= expected) faults.push(missing(expected, end));
  return { entries, head, faults, confirmed };
}

const missing = (from: number, to: number): EvidenceFault =>
  from === to
    ? { where: `entry ${from}`, what: 'it is missing' }
    : { where: `entries ${from} to ${to}`, what: 'they are missing' };

const againstKnown = (head: EvidenceHead, known: readonly KnownHead[]): EvidenceFault[] =>
  known
    .filter(({ sequence, hash }) => sequence === head.sequence && hash !== head.hash)
    .map(({ by }) => ({ where: `entry ${head.sequence}`, what: `it is not the one that the ${by} names` }));

const countOf = (head: EvidenceHead, known: readonly KnownHead[]): number =>
  known.filter(({ sequence, hash }) => sequence === head.sequence && hash === head.hash).length;

function whyNotNext(
  entry: EvidenceEntry,
  expected: { readonly group: string; readonly sequence: number; readonly head: EvidenceHead },
): string | undefined {
  if (entry.sequence !== expected.sequence) return `it is entry ${entry.sequence}`;
  if (entry.group !== expected.group) return `it is of group "${entry.group}"`;
  return entry.previous === expected.head.hash
    ? undefined
    : 'the entry before it is not the one that it was written after';
}
