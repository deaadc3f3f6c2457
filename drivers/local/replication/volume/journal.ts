import { closeSync, existsSync, fsync, linkSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { failpoint } from '../failpoint';
import { Pacer } from '../pacer';
import { applyOperations, type JournalOperation } from './apply-operations';
import { attemptFolder, staleAttempt, sweep, type Attempt } from './attempt';
import { syncFolder } from './sync-folder';
import { readVolumeRecord, textIfThere, type VolumeFolder, type VolumeRecord } from './volume-record';

/**
 * How a change becomes the content of a volume.
 *
 * 1. Everything is prepared in the attempt's own folder: new files, the next volume.json, the list of operations.
 * 2. The commit: `link` of that list to journal/<version>. Of all attempts on one version exactly one succeeds (EEXIST).
 * 3. The operations are carried out through the attempt's gate. Each may be repeated; each is one rename or one setting.
 * 4. The gate is removed, then volume.json is renamed into place, then journal and staging are removed.
 *
 * Killed before 2, nothing has happened. Killed after 2, whoever opens the volume next does 3 and 4. Several may do them at the
 * same time. Every rename has a source that exists once, so a straggler finds ENOENT instead of doing it again later; everything
 * else goes through the gate, so a straggler finds no path after 4 has begun.
 */
export interface Change {
  readonly next: Omit<VolumeRecord, 'version'>;
  readonly operations: readonly JournalOperation[];
  /** True: on disk, not only in the page cache, before the call returns. */
  readonly durable: boolean;
}

interface JournalHeader {
  readonly attempt: string;
  readonly durable: boolean;
}

export const journalFile = (folder: VolumeFolder, version: number): string =>
  path.join(folder.journal, String(version));

/** Commits the change and carries it out. Throws `StaleAttempt` when another change was made on the same version. */
export async function commit(
  folder: VolumeFolder,
  attempt: Attempt,
  change: Change,
  pacer: Pacer,
): Promise<VolumeRecord> {
  const version = attempt.base + 1;
  const record: VolumeRecord = { version, ...change.next };
  const header: JournalHeader = { attempt: attempt.id, durable: change.durable };
  const lines = [header, ...change.operations].map((line) => JSON.stringify(line));
  await prepare(folder, attempt, async () => {
    await Promise.all([
      writeDurably(path.join(attempt.folder, 'volume.json'), JSON.stringify(record)),
      writeDurably(path.join(attempt.folder, 'journal'), lines.join('\n')),
    ]);
  });
  failpoint('replication:before-commit');
  pacer.check();
  linkJournal(folder, attempt);
  failpoint('replication:committed');
  await completeJournal(folder, version);
  return record;
}

/** An attempt whose folder was swept away has lost: somebody else has committed on its version. */
export async function prepare<T>(folder: VolumeFolder, attempt: Attempt, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (existsSync(attempt.folder)) throw error;
    throw staleAttempt(folder, attempt, error);
  }
}

function linkJournal(folder: VolumeFolder, attempt: Attempt): void {
  const version = attempt.base + 1;
  try {
    linkSync(path.join(attempt.folder, 'journal'), journalFile(folder, version));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST' || code === 'ENOENT') throw staleAttempt(folder, attempt, error);
    throw error;
  }
  // The link also succeeds when the version is long past and its journal was removed. Versions only grow, and a journal stays
  // until its version is published: so the base still being current proves that this link was the commit.
  const current = readVolumeRecord(folder);
  if ((current?.version ?? 0) === attempt.base) return;
  if (current?.done.some((change) => change.attempt === attempt.id) === true) return;
  unlinkSync(journalFile(folder, version));
  throw staleAttempt(folder, attempt);
}

/** Carries out a committed change, from wherever it stands. Cannot be cancelled. */
export async function completeJournal(folder: VolumeFolder, version: number): Promise<void> {
  const text = textIfThere(journalFile(folder, version));
  if (text === undefined) return;
  const [first = '', ...operations] = text.split('\n');
  const header = JSON.parse(first) as JournalHeader;
  const own = attemptFolder(folder, header.attempt);
  await applyOperations(own, operations, { durable: header.durable, pacer: new Pacer([folder.site]) });
  failpoint('replication:operations-applied');
  ignoringAbsence(() => unlinkSync(path.join(own, 'gate')));
  failpoint('replication:gate-closed');
  ignoringAbsence(() => renameSync(path.join(own, 'index'), folder.index));
  failpoint('replication:index-published');
  ignoringAbsence(() => renameSync(path.join(own, 'volume.json'), folder.record));
  if (header.durable) await syncFolder(folder.root);
  failpoint('replication:record-published');
  ignoringAbsence(() => unlinkSync(journalFile(folder, version)));
  failpoint('replication:journal-removed');
  await sweep(folder, version);
}

function ignoringAbsence(action: () => void): void {
  try {
    action();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

const flush = promisify(fsync);

/** Only the flush is waited for elsewhere: on a busy machine each call that leaves this thread costs milliseconds. */
async function writeDurably(file: string, content: string): Promise<void> {
  const fd = openSync(file, 'wx');
  try {
    const bytes = Buffer.from(content);
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
    await flush(fd);
  } finally {
    closeSync(fd);
  }
}
