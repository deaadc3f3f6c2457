import { z } from 'zod';
import { evidenceKinds, type EvidenceHead } from '../model/evidence';
import { canonicalJson } from '../planning/canonical-json';
import { digest, emptyHead, type EvidenceEntry } from './entry';

/** Instants, ISO in UTC. */
export interface Range {
  /** Absent: from the beginning. */
  readonly from?: string;
  /** The first one that is no longer in it; absent: to the end. */
  readonly until?: string;
}

/** Names in an archive besides the folders of its groups. */
export const archiveFiles = {
  index: 'index.json',
  page: 'index.html',
  readMe: 'README.md',
  sums: 'SHA256SUMS',
} as const;

const headSchema = z.strictObject({ sequence: z.int().nonnegative(), hash: digest });

const archivedEntry = z.strictObject({
  sequence: z.int().positive(),
  kind: z.enum(evidenceKinds),
  at: z.string(),
  /** What it is about: "report/failback/shop/1/<run id>". */
  id: z.string(),
  /** The entry as it lies in the store, and the SHA-256 of this file. */
  file: z.string(),
  sha256: digest,
  /** What it keeps. The name of the file is its SHA-256. Absent: it was not in the store any more, or was changed. */
  body: z.string().optional(),
  /** The same for people. */
  document: z.string().optional(),
});

/** `index.json` of an archive: what is in it. Instants are ISO. */
export const archiveIndex = z.strictObject({
  schemaVersion: z.literal(1),
  range: z.strictObject({ from: z.string().optional(), until: z.string().optional() }),
  groups: z.array(
    z.strictObject({
      group: z.string().regex(/^[a-z0-9-]+$/),
      /** The end of the chain before the first entry here. */
      after: headSchema,
      /** Of the last entry here. */
      head: headSchema,
      entries: z.array(archivedEntry),
      /** What was found wrong in this part of the chain when it was exported. */
      faults: z.array(z.strictObject({ where: z.string(), what: z.string() })),
    }),
  ),
});

export type ArchiveIndex = z.infer<typeof archiveIndex>;
export type ArchivedGroup = ArchiveIndex['groups'][number];
export type ArchivedEntry = z.infer<typeof archivedEntry>;

/**
 * The part of a chain from the first to the last entry of the range. What lies between them is in it whatever its clock said,
 * so that the part is a chain.
 */
export function partOf(
  entries: readonly EvidenceEntry[],
  { from = '', until }: Range,
): { readonly after: EvidenceHead; readonly entries: readonly EvidenceEntry[] } {
  const within = ({ at }: EvidenceEntry): boolean => at >= from && (until === undefined || at < until);
  const part = entries.slice(entries.findIndex(within), entries.map(within).lastIndexOf(true) + 1);
  const [head] = part;
  return { after: head ? { sequence: head.sequence - 1, hash: head.previous } : emptyHead, entries: part };
}

/** The text of a file of JSON that has one text only. */
export const indexText = (index: ArchiveIndex): string => `${canonicalJson(index)}\n`;

/** As `sha256sum --check` reads it. */
export const sumsText = (sums: ReadonlyMap<string, string>): string =>
  [...sums]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, hash]) => `${hash}  ${name}\n`)
    .join('');

/** SHA-256 by name. */
export const readSums = (text: string): ReadonlyMap<string, string> =>
  new Map(
    [...text.matchAll(/^([0-9a-f]{64}) {2}(.+)$/gm)].map(([, hash = '', name = '']): [string, string] => [name, hash]),
  );
