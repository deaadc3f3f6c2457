import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { SwitchbackFailure } from '../../../../core/model/failure';
import type { RecoveryPoint } from '../../../../core/model/volume';
import { namesIn } from '../../names-in';
import type { VolumeFolder } from '../volume/volume-record';

/**
 *   points/<id>/point.json   StoredPoint
 *   points/<id>/manifest     what the point holds (point-manifest.ts)
 *   points/<id>/data/        the content, for people to look at as well; folders with modes of their own
 *   points/.keys/<hash>      the id that was given to an operation key
 *   points/.building-<...>/  a point that is being made; points/.removed-<...>/ one that is being removed
 *
 * A point shares its files with other points, never with the volume itself: a workload writes its files in place, and would
 * write into the point. So a file is copied when it has changed since the point before, and otherwise linked to that point's.
 */
export interface StoredPoint {
  readonly point: RecoveryPoint;
  readonly operationKey: string;
  /** Of the manifest. */
  readonly sha256: string;
}

export const pointFolder = (folder: VolumeFolder, id: string): string => path.join(folder.points, id);

/** Newest first. */
export function listPoints(folder: VolumeFolder): readonly RecoveryPoint[] {
  const ids = namesIn(folder.points).filter((name) => !name.startsWith('.'));
  const stored = ids.map((id) => readStoredPoint(folder, id)).filter((point) => point !== undefined);
  return stored.map(({ point }) => point).sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** Undefined when there is no such point, or its description is damaged. */
export function readStoredPoint(folder: VolumeFolder, id: string): StoredPoint | undefined {
  // An id comes from outside, and must not lead out of the folder.
  if (!/^[\w.-]+$/.test(id) || id.startsWith('.')) return undefined;
  try {
    return JSON.parse(readFileSync(path.join(pointFolder(folder, id), 'point.json'), 'utf8')) as StoredPoint;
  } catch (error) {
    if (error instanceof SyntaxError || isAbsent(error)) return undefined;
    throw error;
  }
}

export function missingPoint(folder: VolumeFolder, id: string, why: string): SwitchbackFailure {
  const there = listPoints(folder).map((point) => point.id);
  const choice = there.length === 0 ? 'there are none' : `there are ${there.slice(0, 5).join(', ')}`;
  return new SwitchbackFailure(
    'RecoveryPointMissing',
    `recovery point "${id}" of volume "${folder.volume}" at site "${folder.site.site.name}" ${why}; ${choice}`,
    { volume: folder.volume, site: folder.site.site.name, point: id },
  );
}

/** The point is gone at once; its files follow. */
export async function removePoint(folder: VolumeFolder, id: string): Promise<void> {
  const stored = readStoredPoint(folder, id);
  const doomed = path.join(folder.points, `.removed-${randomUUID()}`);
  await rename(pointFolder(folder, id), doomed).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (stored !== undefined) await rm(keyFile(folder, stored.operationKey), { force: true });
  await rm(doomed, { recursive: true, force: true });
}

const dayMs = 86_400_000;

/** Removes what workers that were killed left of points that they were making or removing. */
export async function sweepPoints(folder: VolumeFolder): Promise<void> {
  for (const name of namesIn(folder.points)) {
    if (name.startsWith('.removed-') || isAbandoned(folder, name)) {
      await rm(path.join(folder.points, name), { recursive: true, force: true });
    }
  }
}

/** The point was made by somebody else, or nobody has been at work on it for a day. */
function isAbandoned(folder: VolumeFolder, name: string): boolean {
  const id = /^\.building-(\w+\.\w+-\w+)-/.exec(name)?.[1];
  if (id === undefined) return false;
  const stats = statSync(path.join(folder.points, name), { throwIfNoEntry: false });
  return existsSync(pointFolder(folder, id)) || (stats !== undefined && Date.now() - stats.mtimeMs > dayMs);
}

export function keyFile(folder: VolumeFolder, operationKey: string): string {
  const hash = createHash('sha256').update(operationKey).digest('hex');
  mkdirSync(path.join(folder.points, '.keys'), { recursive: true });
  return path.join(folder.points, '.keys', hash);
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}
