import { rename, rm } from 'node:fs/promises';
import {
  archiveFiles,
  indexText,
  partOf,
  sumsText,
  type ArchivedEntry,
  type ArchivedGroup,
  type ArchiveIndex,
  type Range,
} from '../../core/evidence/archive';
import { archiveReadMe } from '../../core/evidence/archive-read-me';
import { textOf, type EvidenceEntry } from '../../core/evidence/entry';
import { verifyChain } from '../../core/evidence/verify-chain';
import { SwitchbackFailure } from '../../core/model/failure';
import type { Evidence } from '../evidence';
import { sha256 } from '../sha256';
import { bodyKey, entryKey } from '../store';
import { ZipWriter } from './zip-file';

export interface ArchiveRequest {
  readonly evidence: Evidence;
  readonly groups: readonly string[];
  readonly range: Range;
  /** What an entry keeps, for people; undefined: it is read as it is. */
  readonly documentOf: (
    entry: EvidenceEntry,
    body: unknown,
  ) => { readonly ending: string; readonly text: string } | undefined;
  readonly pageOf: (index: ArchiveIndex) => string;
}

/**
 * Writes the evidence of the range as a zip that can be checked by itself. The same evidence and range give the same bytes. Groups
 * without any in the range are left out. What is damaged is named in the index, and is not what stops it.
 *
 * @throws SwitchbackFailure `InvalidInput` when there is nothing at all in the range
 */
export async function writeArchive(file: string, request: ArchiveRequest): Promise<ArchiveIndex> {
  const temporary = `${file}.${process.pid}.tmp`;
  const zip = await ZipWriter.create(temporary);
  try {
    const sums = new Map<string, string>();
    const add = async (name: string, text: string): Promise<void> => {
      sums.set(name, sha256(text));
      await zip.add(name, text);
    };
    const groups = [];
    for (const group of request.groups) groups.push(...(await addGroup(group, request, add)));
    if (groups.length === 0) throw nothingThere(request);
    const index: ArchiveIndex = { schemaVersion: 1, range: request.range, groups };
    await add(archiveFiles.index, indexText(index));
    await add(archiveFiles.page, request.pageOf(index));
    await add(archiveFiles.readMe, archiveReadMe(index));
    await zip.add(archiveFiles.sums, sumsText(sums));
    await zip.end();
    await rename(temporary, file);
    return index;
  } finally {
    await zip.close();
    await rm(temporary, { force: true });
  }
}

const nothingThere = ({ groups, range }: ArchiveRequest): SwitchbackFailure =>
  new SwitchbackFailure(
    'InvalidInput',
    `there is nothing of ${groups.join(', ')} from ${range.from ?? 'the beginning'} until ${range.until ?? 'the end'}.`,
  );

type Add = (name: string, text: string) => Promise<void>;

async function addGroup(group: string, request: ArchiveRequest, add: Add): Promise<readonly ArchivedGroup[]> {
  const chain = request.evidence.of(group);
  const { after, entries } = partOf(await chain.entries(), request.range);
  const last = entries.at(-1);
  if (last === undefined) return [];
  const bodies = new Map<string, string>();
  const archived: ArchivedEntry[] = [];
  for (const entry of entries) {
    const { sequence, kind, at, id } = entry;
    const [text, file] = [textOf(entry), entryKey(group, sequence)];
    await add(file, text);
    const named = { sequence, kind, at, id, file, sha256: sha256(text) };
    const body = await chain.textOfBody(entry).catch(() => undefined);
    if (body === undefined) {
      archived.push(named);
      continue;
    }
    const key = bodyKey(group, entry.body);
    // Two entries may keep the same.
    if (!bodies.has(entry.body)) await add(key, body);
    bodies.set(entry.body, entry.body);
    const document = request.documentOf(entry, JSON.parse(body));
    const name = document && `${group}/documents/${String(sequence).padStart(8, '0')}-${kind}.${document.ending}`;
    if (document && name) await add(name, document.text);
    archived.push({ ...named, body: key, ...(name && { document: name }) });
  }
  const texts = new Map(entries.map((entry) => [entry.sequence, textOf(entry)]));
  const part = { group, after, entries: texts, bodyHash: (hash: string) => bodies.get(hash) };
  const { head, faults } = verifyChain(part, sha256);
  return [{ group, after, head, entries: archived, faults: [...faults] }];
}
