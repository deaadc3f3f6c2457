import { evidenceKinds, type EvidenceHead } from '../model/evidence';
import { z } from 'zod';
import { emptyHead, headOf, textOf, type EvidenceEntry, type Sha256 } from './entry';

/** What was found wrong with a chain. */
export interface EvidenceFault {
  /** Where: "entry 12", "body of entry 12", "end". */
  readonly where: string;
  readonly what: string;
}

export interface VerifiedChain {
  readonly entries: readonly EvidenceEntry[];
  /** Of the entries up to the first fault. */
  readonly head: EvidenceHead;
  readonly faults: readonly EvidenceFault[];
}

/** A chain as it is stored. */
export interface StoredChain {
  readonly group: string;
  /** Texts of the entries by their sequence. */
  readonly entries: ReadonlyMap<number, string>;
  /** Text of a body by its SHA-256; undefined: there is none. */
  readonly body: (hash: string) => string | undefined;
}

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const entrySchema = z.strictObject({
  version: z.literal(1),
  group: z.string(),
  sequence: z.int().positive(),
  kind: z.enum(evidenceKinds),
  id: z.string(),
  at: z.string(),
  previous: digest,
  body: digest,
});

/**
 * Every change, removal, reordering and insertion is a fault; so is a cut, when the head is given that somebody else has kept.
 * Of one that is not given the end of the chain is all that is known.
 */
export function verifyChain(chain: StoredChain, sha256: Sha256, known?: EvidenceHead): VerifiedChain {
  const last = Math.max(0, known?.sequence ?? 0, ...chain.entries.keys());
  const entries: EvidenceEntry[] = [];
  const faults: EvidenceFault[] = [];
  let head = emptyHead;
  for (let sequence = 1; sequence <= last; sequence += 1) {
    const where = `entry ${sequence}`;
    const text = chain.entries.get(sequence);
    const entry = text === undefined ? 'it is missing' : readEntry(text);
    const wrong = typeof entry === 'string' ? entry : whyNotNext(entry, { group: chain.group, sequence, head });
    if (wrong !== undefined) faults.push({ where, what: wrong });
    if (typeof entry === 'string') continue;
    const body = chain.body(entry.body);
    if (body === undefined) faults.push({ where: `body of ${where}`, what: 'it is missing' });
    else if (sha256(body) !== entry.body) faults.push({ where: `body of ${where}`, what: 'it is not what was kept' });
    head = headOf(entry, sha256);
    entries.push(entry);
    if (known?.sequence === sequence && head.hash !== known.hash)
      faults.push({ where, what: 'it is not the one that was kept elsewhere as the end of the chain' });
  }
  return { entries, head, faults };
}

function readEntry(text: string): EvidenceEntry | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is no JSON';
  }
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) return `it is no entry: ${parsed.error.issues[0]?.message ?? ''}`;
  return textOf(parsed.data) === text ? parsed.data : 'its text was changed';
}

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
