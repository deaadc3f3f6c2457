import { z } from 'zod';
import { evidenceKinds, type EvidenceHead, type EvidenceKind } from '../model/evidence';
import { canonicalJson } from '../planning/canonical-json';

export type Sha256 = (text: string) => string;

/** One link of the chain of a protection group. */
export interface EvidenceEntry {
  readonly version: 1;
  readonly group: string;
  /** From 1, without a gap. */
  readonly sequence: number;
  readonly kind: EvidenceKind;
  /** What it is about; the same again is the same entry: "report/failback/shop/1/<run id>". */
  readonly id: string;
  /** ISO instant at which it was written. */
  readonly at: string;
  /** SHA-256 of the text of the entry before; of the first one `genesis`. */
  readonly previous: string;
  /** SHA-256 of the text of what it keeps. */
  readonly body: string;
}

const genesis = '0'.repeat(64);

export const emptyHead: EvidenceHead = { sequence: 0, hash: genesis };

/** As it is stored; an entry has one text only, so that any other is a change. */
export const textOf = (entry: EvidenceEntry): string => `${canonicalJson(entry)}\n`;

export const headOf = (entry: EvidenceEntry, sha256: Sha256): EvidenceHead => ({
  sequence: entry.sequence,
  hash: sha256(textOf(entry)),
});

export type NewEvidence = Pick<EvidenceEntry, 'group' | 'kind' | 'id' | 'at'>;

/** The entry that follows the head. `body`: the text that it keeps. */
export const nextEntry = (
  { group, kind, id, at }: NewEvidence,
  { head, body, sha256 }: { readonly head: EvidenceHead; readonly body: string; readonly sha256: Sha256 },
): EvidenceEntry => ({
  version: 1,
  ...{ group, kind, id, at },
  sequence: head.sequence + 1,
  previous: head.hash,
  body: sha256(body),
});

export const digest = z.string().regex(/^[0-9a-f]{64}$/);

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

/** The entry of a stored text, or what is wrong with the text. */
export function readEntry(text: string): EvidenceEntry | string {
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
