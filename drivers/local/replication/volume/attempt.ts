import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { SwitchbackFailure } from '../../../../core/model/failure';
import { namesIn } from '../../names-in';
import { failpoint } from '../failpoint';
import { toRawPath, type RawPath } from '../tree/raw-path';
import type { FileIdentity } from '../tree/evidence';
import { textIfThere, type VolumeFolder } from './volume-record';

/**
 * The folder in which one attempt prepares a change. Nobody else ever writes in it, so two attempts cannot disturb each other:
 *
 *   gate      symbolic link to the data. The change is carried out through it, and once it is removed no straggler of this
 *             attempt, suspended since, can touch the data: its next call finds no path.
 *   files/    new files, links and folders under their slot numbers, complete with mode and times
 *   trash/    where what the change removes is moved to
 *   staged    a line for each file that is complete, for a later attempt that needs the same
 *   journal, volume.json, index    linked or renamed into their places at the commit (journal.ts)
 */
export interface Attempt {
  readonly id: string;
  readonly folder: string;
  readonly files: RawPath;
  readonly base: number;
  /** Lines for `staged` that are not written yet. */
  readonly unrecorded: string[];
}

/** A staged file that is complete: the source's file that it is a copy of. */
export interface StagedFile extends FileIdentity {
  readonly path: RawPath;
  readonly slot: string;
  /** Of the content; absent for large files. */
  readonly sha256?: string;
}

export const attemptFolder = (folder: VolumeFolder, id: string): string => path.join(folder.staging, id);

export async function beginAttempt(folder: VolumeFolder, base: number): Promise<Attempt> {
  await sweep(folder, base);
  const id = `${base}-${randomUUID()}`;
  const own = attemptFolder(folder, id);
  mkdirSync(path.join(own, 'files'), { recursive: true });
  mkdirSync(path.join(own, 'trash'));
  mkdirSync(folder.journal, { recursive: true });
  mkdirSync(folder.site.volumeData(folder.group, folder.volume), { recursive: true });
  symlinkSync('../../data', path.join(own, 'gate'));
  failpoint('replication:staging-made');
  return { id, folder: own, files: toRawPath(path.join(own, 'files')), base, unrecorded: [] };
}

/** Lines are written several at a time: a kill costs a later attempt a few files, and each write costs an open. */
export function recordStaged(attempt: Attempt, staged: StagedFile): void {
  attempt.unrecorded.push(`${JSON.stringify(staged)}\n`);
  if (attempt.unrecorded.length >= 16 || staged.sha256 === undefined) flushStaged(attempt);
}

export function flushStaged(attempt: Attempt): void {
  if (attempt.unrecorded.length === 0 || !existsSync(attempt.folder)) return;
  appendFileSync(path.join(attempt.folder, 'staged'), attempt.unrecorded.splice(0).join(''));
}

/** Complete files of other attempts on the same version, as their full paths. Linking to them leaves theirs as they are. */
export function filesOfEarlierAttempts(folder: VolumeFolder, attempt: Attempt): Map<RawPath, StagedFile> {
  const found = new Map<RawPath, StagedFile>();
  for (const id of readdirSync(folder.staging)) {
    if (id === attempt.id || baseOf(id) !== attempt.base) continue;
    const own = attemptFolder(folder, id);
    for (const staged of readStaged(path.join(own, 'staged'))) {
      found.set(staged.path, { ...staged, slot: `${toRawPath(own)}/files/${staged.slot}` });
    }
  }
  return found;
}

function readStaged(file: string): readonly StagedFile[] {
  const lines = (textIfThere(file) ?? '').split('\n');
  // The last piece is empty, or a line cut off by a kill.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as StagedFile);
}

/**
 * Removes what attempts on older versions left: they can no longer commit. Attempts on this version may still be at work,
 * whoever else began one, and are left alone.
 */
export async function sweep(folder: VolumeFolder, version: number): Promise<void> {
  for (const id of namesIn(folder.staging)) {
    // Renamed first: a straggler that still writes there finds its paths gone at once.
    if (baseOf(id) < version) renameIfThere(attemptFolder(folder, id), path.join(folder.staging, `swept-${id}`));
  }
  for (const id of namesIn(folder.staging)) {
    if (id.startsWith('swept-')) await removeFolder(path.join(folder.staging, id));
  }
  for (const name of namesIn(folder.journal)) {
    if (Number(name) <= version) rmSync(path.join(folder.journal, name), { force: true });
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    // Another worker sweeps at the same time.
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** At once when there is next to nothing in it, which is what a pass of few changes leaves. */
async function removeFolder(folder: string): Promise<void> {
  const large = ['files', 'trash'].some((name) => namesIn(path.join(folder, name)).length > 0);
  if (large) return rm(folder, { recursive: true, force: true }).catch(() => undefined);
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Another worker removes it at the same time; what is left of it the next sweep removes.
  }
}

const baseOf = (id: string): number => (/^\d+-/.test(id) ? Number.parseInt(id, 10) : Number.NaN);

export function staleAttempt(folder: VolumeFolder, attempt: Attempt, cause?: unknown): SwitchbackFailure {
  return new SwitchbackFailure(
    'StaleAttempt',
    `volume "${folder.volume}" of site "${folder.site.site.name}": another change was committed on version ${attempt.base} first`,
    { volume: folder.volume, site: folder.site.site.name, base: attempt.base },
    { cause },
  );
}
