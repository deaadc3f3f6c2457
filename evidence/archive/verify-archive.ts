import {
  archiveFiles,
  archiveIndex,
  readSums,
  type ArchivedGroup,
  type ArchiveIndex,
} from '../../core/evidence/archive';
import { verifyChain, type EvidenceFault, type KnownHead, type VerifiedChain } from '../../core/evidence/verify-chain';
import { SwitchbackFailure } from '../../core/model/failure';
import { canonicalJson } from '../../core/planning/canonical-json';
import { sha256 } from '../sha256';
import { entriesPrefix, sequenceOf } from '../store';
import { readZip } from './zip-file';

interface Contents {
  /** SHA-256 by name. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Of the index, the sums and the entries. */
  readonly texts: ReadonlyMap<string, string>;
  readonly twice: readonly string[];
}

/**
 * An archive that `writeArchive` has made, checked by itself: every file by its sum, and each part of a chain from what it follows
 * to its end. `known`: entries of its one group as they are known elsewhere.
 *
 * @throws SwitchbackFailure `InvalidInput` when the file is no such archive
 */
export async function verifyArchive(
  file: string,
  known: readonly KnownHead[] = [],
): Promise<readonly (VerifiedChain & { readonly group: string })[]> {
  const contents = await contentsOf(file);
  const index = indexOf(contents, file);
  const strange = faultsOfFiles(contents);
  return index.groups.map((part) => {
    const own = strange.filter(({ where }) => belongsTo(where, part, index));
    const verified = verifyPart(part, contents, known);
    return { ...verified, group: part.group, faults: [...verified.faults, ...own] };
  });
}

async function contentsOf(file: string): Promise<Contents> {
  const [hashes, texts, twice] = [new Map<string, string>(), new Map<string, string>(), [] as string[]];
  try {
    await readZip(file, (name, bytes) => {
      if (hashes.has(name)) twice.push(name);
      hashes.set(name, sha256(bytes));
      if (name === archiveFiles.index || name === archiveFiles.sums || name.includes('/entries/'))
        texts.set(name, Buffer.from(bytes).toString('utf8'));
    });
  } catch (error) {
    throw noArchive(file, error instanceof Error ? error.message : String(error));
  }
  return { hashes, texts, twice };
}

function indexOf({ texts }: Contents, file: string): ArchiveIndex {
  for (const name of [archiveFiles.index, archiveFiles.sums])
    if (!texts.has(name)) throw noArchive(file, `there is no ${name} in it`);
  try {
    return archiveIndex.parse(JSON.parse(texts.get(archiveFiles.index) ?? ''));
  } catch {
    throw noArchive(file, `its ${archiveFiles.index} cannot be read`);
  }
}

const noArchive = (file: string, why: string): SwitchbackFailure =>
  new SwitchbackFailure('InvalidInput', `${file} is no archive of evidence, or is damaged: ${why}.`);

function faultsOfFiles({ hashes, texts, twice }: Contents): readonly EvidenceFault[] {
  const sums = readSums(texts.get(archiveFiles.sums) ?? '');
  const listed = [...sums].flatMap(([where, sum]) => {
    const hash = hashes.get(where);
    if (hash === undefined) return [{ where, what: 'it is missing' }];
    return hash === sum ? [] : [{ where, what: `it is not what ${archiveFiles.sums} says` }];
  });
  const others = [...hashes.keys()].filter((name) => name !== archiveFiles.sums && !sums.has(name));
  return [
    ...listed,
    ...others.map((where) => ({ where, what: `${archiveFiles.sums} does not name it` })),
    ...twice.map((where) => ({ where, what: 'it is in the archive twice' })),
  ];
}

/** What is in the folder of no group is everybody's. */
const belongsTo = (name: string, { group }: ArchivedGroup, { groups }: ArchiveIndex): boolean =>
  name.startsWith(`${group}/`) || !groups.some((other) => name.startsWith(`${other.group}/`));

function verifyPart(part: ArchivedGroup, { hashes, texts }: Contents, known: readonly KnownHead[]): VerifiedChain {
  const { group, after, head } = part;
  const outside = known.find(({ sequence }) => sequence < after.sequence || sequence > head.sequence);
  if (outside) {
    const what = `of group "${group}" the archive has what follows entry ${after.sequence} up to entry ${head.sequence}`;
    throw new SwitchbackFailure('InvalidInput', `entry ${outside.sequence} is not in it: ${what}.`);
  }
  const names = [...texts.keys()].filter((name) => name.startsWith(entriesPrefix(group)));
  const entries = new Map(names.map((name) => [sequenceOf(group, name) ?? 0, texts.get(name) ?? '']));
  const bodyHash = (hash: string): string | undefined => hashes.get(`${group}/bodies/${hash}.json`);
  const ends = [...known, { ...head, by: 'index of the archive' }];
  const verified = verifyChain({ group, after, entries, bodyHash }, sha256, ends);
  const listed = part.entries.map(({ sequence, kind, at, id }) => ({ sequence, kind, at, id }));
  const there = verified.entries.map(({ sequence, kind, at, id }) => ({ sequence, kind, at, id }));
  const same = canonicalJson(listed) === canonicalJson(there);
  const other = { where: archiveFiles.index, what: `it lists other entries of group "${group}" than there are` };
  return { ...verified, faults: [...verified.faults, ...(same ? [] : [other])] };
}
