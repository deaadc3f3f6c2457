import { mkdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { OperationList } from './operation-list';
import { keepsOwners } from './ownership';
import type { Pass } from './pass-state';
import { stageFile } from './stage-file';
import { evidence, microseconds, provesSame, settled, type Evidence } from './tree/evidence';
import { forFs, parentOf, under, type RawPath } from './tree/raw-path';
import { orVanished, type Tree, type TreeEntry } from './tree/scan-tree';
import { writeMetadata, type JournalOperation } from './volume/apply-operations';

/** Compares both trees, stages what the target lacks, and answers the operations that make it equal to the source. */
export async function stageChanges(pass: Pass): Promise<readonly JournalOperation[]> {
  const operations = new OperationList(pass);
  let compared = 0;
  for (const source of pass.source.tree.values()) {
    compared += 1;
    if (compared % 16 === 0 && pass.pacer.due) {
      await pass.pacer.breathe({ doing: 'comparing', done: compared, total: pass.source.tree.size, unit: 'files' });
    }
    if (source.kind === 'other') pass.counts.skipped += 1;
    if (isUnchanged(pass, source)) continue;
    if (!(await stageEntry(pass, source, operations))) pass.source.tree.delete(source.path);
  }
  await trashWhatIsGone(pass, operations);
  return operations.inOrder();
}

/** The common case, without a single look into a file. */
function isUnchanged(pass: Pass, source: TreeEntry): boolean {
  if (source.kind === 'file') return source.proof !== undefined;
  if (source.kind !== 'dir') return false;
  const target = pass.target.tree.get(source.path);
  return target?.kind === 'dir' && !metadataDiffers(source, target);
}

/**
 * Recognizes, while the target is listed, the files of which the source proves to have the same: they need no place in the
 * listing, which of a large volume is most of the work. The marker file is never one of them, for its lines are counted.
 */
export function settleUnchanged(
  source: Tree,
  known: readonly ReadonlyMap<RawPath, Evidence>[],
  isMarker: (path: RawPath) => boolean,
): (target: TreeEntry) => boolean {
  return (target) => {
    const file = source.get(target.path);
    if (file?.kind !== 'file' || metadataDiffers(file, target) || isMarker(target.path)) return false;
    const proof = findProof(known, file, target);
    if (proof !== undefined) file.proof = settled(proof, target);
    return proof !== undefined;
  };
}

/** False: the source does not have it (any more). */
async function stageEntry(pass: Pass, source: TreeEntry, operations: OperationList): Promise<boolean> {
  const found = pass.target.tree.get(source.path);
  const changesKind = found !== undefined && (found.kind === 'dir') !== (source.kind === 'dir');
  const target = changesKind ? undefined : found;
  const present = await stageByKind(pass, { source, target, operations });
  if (changesKind && present) operations.trash(source.path);
  return present;
}

interface Comparison {
  readonly source: TreeEntry;
  readonly target: TreeEntry | undefined;
  readonly operations: OperationList;
}

async function stageByKind(pass: Pass, comparison: Comparison): Promise<boolean> {
  switch (comparison.source.kind) {
    case 'dir':
      return stageFolder(pass, comparison);
    case 'link':
      return stageLink(pass, comparison);
    case 'file':
      return compareFile(pass, comparison);
    case 'other':
      return false;
  }
}

function stageFolder(pass: Pass, { source, target, operations }: Comparison): boolean {
  if (target === undefined) {
    const slot = pass.nextSlot();
    // The mode that the folder is to have may forbid to fill it: it comes at the end, with the time.
    mkdirSync(forFs(`${pass.attempt.files}/${slot}`), 0o700);
    operations.put(source.path, slot);
  }
  operations.setFolder(source);
  return true;
}

function stageLink(pass: Pass, { source, target, operations }: Comparison): boolean {
  const text = source.link ?? readLink(under(pass.source.data, source.path));
  if (text === undefined) return false;
  if (target?.kind === 'link' && readLink(under(pass.target.data, target.path)) === text) {
    if (metadataDiffers(source, target)) operations.set(source);
    return true;
  }
  const slot = pass.nextSlot();
  const staged = `${pass.attempt.files}/${slot}`;
  symlinkSync(forFs(text), forFs(staged));
  writeMetadata(staged, source);
  operations.put(source.path, slot);
  pass.counts.filesChanged += 1;
  return true;
}

const readLink = (full: RawPath): RawPath | undefined => orVanished(full, () => readlinkSync(forFs(full), 'latin1'));

async function compareFile(pass: Pass, { source, target, operations }: Comparison): Promise<boolean> {
  const known = target?.kind === 'file' ? findProof(pass.known, source, target) : undefined;
  if (known !== undefined) {
    await keepFile(pass, { source, target: target!, operations, known });
    return true;
  }
  const outcome = await stageFile(pass, source, target);
  if (outcome.kind === 'vanished') return false;
  // It may have grown since it was listed.
  pass.source.tree.set(source.path, outcome.source);
  if (outcome.kind === 'same') {
    await keepFile(pass, { source: outcome.source, target: target!, operations, known: outcome.evidence });
    return true;
  }
  learn(pass, source.path, outcome.evidence);
  operations.put(source.path, outcome.slot);
  pass.counts.filesChanged += 1;
  pass.counts.bytesChanged += outcome.source.size;
  pass.counts.bytesSent += outcome.sent;
  if (outcome.lines !== undefined) pass.counts.lines = outcome.lines;
  return true;
}

interface KeptFile {
  readonly source: TreeEntry;
  readonly target: TreeEntry;
  readonly operations: OperationList;
  readonly known: Evidence;
}

/** The content is right already; mode or time may not be. */
async function keepFile(pass: Pass, { source, target, operations, known }: KeptFile): Promise<void> {
  if (pass.isMarker(source.path)) {
    pass.counts.lines = pass.knownLines ?? (await pass.counter.count(under(pass.target.data, target.path), pass.pacer));
  }
  if (!metadataDiffers(source, target)) return learn(pass, source.path, settled(known, target));
  operations.set(source);
  // Setting the mode moves the change time, to a value that only the next pass can see.
  const changed = { mtimeMs: source.mtimeMs, ctimeMs: -1, ino: target.ino };
  learn(pass, source.path, evidence({ ...source, ctimeMs: known[2]! }, changed));
}

/** A change time of the source that proves nothing (-1) is not worth remembering. */
function learn(pass: Pass, path: RawPath, known: Evidence): void {
  if (known[2]! > 0) pass.learned.set(path, known);
}

function findProof(
  indexes: readonly ReadonlyMap<RawPath, Evidence>[],
  source: TreeEntry,
  target: TreeEntry,
): Evidence | undefined {
  for (const index of indexes) {
    const known = index.get(source.path);
    if (known !== undefined && provesSame(known, source, target)) return known;
  }
  return undefined;
}

function metadataDiffers(source: TreeEntry, target: TreeEntry): boolean {
  const owner = keepsOwners && (source.uid !== target.uid || source.gid !== target.gid);
  const mode = source.kind !== 'link' && source.mode !== target.mode;
  return owner || mode || microseconds(source.mtimeMs) !== microseconds(target.mtimeMs);
}

/** Moves away what the source does not have; with a folder goes all that is in it. */
async function trashWhatIsGone(pass: Pass, operations: OperationList): Promise<void> {
  const doomedFolders = new Set<RawPath>();
  for (const target of pass.target.tree.values()) {
    if (pass.pacer.due) await pass.pacer.breathe({ doing: 'comparing' });
    const stays = target.path === '' || pass.source.tree.has(target.path);
    const withItsFolder = target.path !== '' && doomedFolders.has(parentOf(target.path));
    if (stays && !withItsFolder && !operations.trashed.has(target.path)) continue;
    if (target.kind === 'dir') doomedFolders.add(target.path);
    if (target.kind === 'file' || target.kind === 'link') pass.counts.filesDeleted += 1;
    if (!withItsFolder && !operations.trashed.has(target.path)) operations.trash(target.path);
  }
}
