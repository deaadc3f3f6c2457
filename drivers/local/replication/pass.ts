import { existsSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { SwitchbackFailure } from '../../../core/model/failure';
import type { RecordCounter } from './count-records';
import type { Pacer } from './pacer';
import type { Pass, PassCounts, Side } from './pass-state';
import { settleUnchanged, stageChanges } from './stage-changes';
import { syncStaged } from './staged-file';
import type { Evidence } from './tree/evidence';
import { writePairIndex } from './tree/pair-index';
import type { RawPath } from './tree/raw-path';
import { scanTree, sizeOfTree, type TreeEntry } from './tree/scan-tree';
import { beginAttempt, filesOfEarlierAttempts, flushStaged, type Attempt } from './volume/attempt';
import { commit, prepare } from './volume/journal';
import type { VolumeFolder, VolumeRecord } from './volume/volume-record';

export interface PassOptions {
  readonly folder: VolumeFolder;
  readonly record: VolumeRecord;
  readonly readSource: () => Promise<Side>;
  readonly pacer: Pacer;
  readonly durable: boolean;
  readonly known: readonly ReadonlyMap<RawPath, Evidence>[];
  /** Present: what was learned replaces the index of the volume. */
  readonly indexFor?: { readonly source: string; readonly target: string };
  readonly marker: RawPath | undefined;
  readonly counter: RecordCounter;
  readonly metadataFromEntry?: boolean;
  readonly verifySource?: (entry: TreeEntry) => Promise<void>;
  /** The record to publish with the pass. */
  readonly publish: (done: FinishedPass) => Omit<VolumeRecord, 'version'>;
}

export interface FinishedPass {
  readonly attempt: string;
  readonly counts: PassCounts;
  /** Of the source, and so of the target after the pass. */
  readonly files: number;
  readonly bytes: number;
}

/** Compares, stages and commits. Until the commit nothing of the volume has changed. */
export async function runPass(options: PassOptions): Promise<VolumeRecord> {
  const { folder, record } = options;
  const attempt = await beginAttempt(folder, record.version);
  try {
    return await prepare(folder, attempt, async () => stageAndCommit(options, attempt));
  } catch (error) {
    await discardUseless(attempt, error);
    throw error;
  }
}

async function stageAndCommit(options: PassOptions, attempt: Attempt): Promise<VolumeRecord> {
  const { folder, pacer, durable } = options;
  await pacer.breathe({ doing: 'comparing' });
  const source = await options.readSource();
  const settle = settleUnchanged(source.tree, options.known, (file) => file === options.marker);
  const target = { data: folder.data, tree: await scanTree(folder.data, pacer, settle) };
  await pacer.breathe({ doing: 'comparing', done: 0, total: source.tree.size, unit: 'files' });
  const pass = makePass(options, { attempt, source, target });
  try {
    const operations = await stageChanges(pass);
    await syncStaged(pass);
    flushStaged(attempt);
    await pacer.breathe({ doing: 'committing' });
    prepareIndex(options, pass);
    const next = options.publish({ attempt: attempt.id, counts: pass.counts, ...sizeOfTree(source.tree) });
    return await commit(folder, attempt, { next, operations, durable }, pacer);
  } finally {
    flushStaged(attempt);
    await syncStaged(pass);
  }
}

/** Keeps what a repeated call can go on from, and by all means what was committed and is only not carried out in full. */
async function discardUseless(attempt: Attempt, error: unknown): Promise<void> {
  const journal = statSync(path.join(attempt.folder, 'journal'), { throwIfNoEntry: false });
  if (journal !== undefined && journal.nlink > 1) return;
  const stale = error instanceof SwitchbackFailure && error.code === 'StaleAttempt';
  if (!stale && existsSync(path.join(attempt.folder, 'staged'))) return;
  await rm(attempt.folder, { recursive: true, force: true });
}

function makePass(
  options: PassOptions,
  work: { readonly attempt: Attempt; readonly source: Side; readonly target: Side },
): Pass {
  const { folder, record, pacer, durable, known, marker, counter } = options;
  let slot = 0;
  return {
    ...work,
    pacer,
    durable,
    known,
    counter,
    learned: new Map(),
    earlier: filesOfEarlierAttempts(folder, work.attempt),
    unsynced: [],
    isMarker: (file) => file === marker,
    knownLines: record.role === 'replica' && record.marker === marker ? record.records : undefined,
    metadataFromEntry: options.metadataFromEntry ?? false,
    verifySource: options.verifySource,
    counts: { filesChanged: 0, filesDeleted: 0, bytesChanged: 0, bytesSent: 0, skipped: 0, lines: undefined },
    nextSlot: () => String((slot += 1)),
  };
}

/** Written when it differs from what it was: from this pass alone it can be made anew. */
function prepareIndex(options: PassOptions, pass: Pass): void {
  if (options.indexFor === undefined) return;
  const before = options.known[0];
  const paths: RawPath[] = [];
  const proofs: Evidence[] = [];
  let same = true;
  for (const entry of pass.source.tree.values()) {
    const proof = pass.learned.get(entry.path) ?? entry.proof;
    if (proof === undefined) continue;
    paths.push(entry.path);
    proofs.push(proof);
    same &&= before?.get(entry.path) === proof;
  }
  if (same && before?.size === paths.length) return;
  writePairIndex(path.join(pass.attempt.folder, 'index'), options.indexFor, { paths, proofs });
}
