import { existsSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { SwitchbackFailure } from '../../../core/model/failure';
import type { RecordCounter } from './count-records';
import type { Pacer } from './pacer';
import type { Pass, PassCounts, Side } from './pass-state';
import { stageChanges } from './stage-changes';
import { syncStaged } from './staged-file';
import { writePairIndex, type Evidence } from './tree/pair-index';
import type { RawPath } from './tree/raw-path';
import { scanTree, sizeOfTree, type TreeEntry } from './tree/scan-tree';
import { beginAttempt, filesOfEarlierAttempts, type Attempt } from './volume/attempt';
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
  const target = { data: folder.data, tree: await scanTree(folder.data, pacer) };
  await pacer.breathe({ doing: 'comparing', done: 0, total: source.tree.size, unit: 'files' });
  const pass = makePass(options, { attempt, source, target });
  try {
    const operations = await stageChanges(pass);
    await syncStaged(pass);
    await pacer.breathe({ doing: 'committing' });
    prepareIndex(options, pass);
    const next = options.publish({ attempt: attempt.id, counts: pass.counts, ...sizeOfTree(source.tree) });
    return await commit(folder, attempt, { next, operations, durable }, pacer);
  } finally {
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

function prepareIndex(options: PassOptions, pass: Pass): void {
  const before = options.known[0];
  if (options.indexFor === undefined || (before !== undefined && sameEntries(before, pass.learned))) return;
  writePairIndex(path.join(pass.attempt.folder, 'index'), options.indexFor, pass.learned);
}

function sameEntries(before: ReadonlyMap<RawPath, Evidence>, after: ReadonlyMap<RawPath, Evidence>): boolean {
  if (before.size !== after.size) return false;
  for (const [file, known] of after) if (before.get(file) !== known) return false;
  return true;
}
