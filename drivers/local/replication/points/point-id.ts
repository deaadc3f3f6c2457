import { randomUUID } from 'node:crypto';
import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { failpoint } from '../failpoint';
import type { VolumeFolder } from '../volume/volume-record';
import { keyFile } from './recovery-points';

/** The id that the operation key was given. */
export function reservedId(folder: VolumeFolder, operationKey: string): string | undefined {
  try {
    return readFileSync(keyFile(folder, operationKey), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Gives the operation key its point id. Two workers that come with one key get one id: `link` succeeds once. */
export function reserveId(folder: VolumeFolder, operationKey: string): string {
  const file = keyFile(folder, operationKey);
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, nextId(folder, path.basename(file)), { flag: 'wx', flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  failpoint('replication:point-reserved');
  return readFileSync(file, 'utf8');
}

/** "20261121T101500.123Z-3f9a2c": sorts by time, also when the clock was set back; the end tells two of one instant apart. */
function nextId(folder: VolumeFolder, keyHash: string): string {
  const newest = readdirSync(folder.points)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .at(-1);
  const stamp = (ms: number): string => new Date(ms).toISOString().replace(/[-:]/g, '');
  let now = Date.now();
  if (newest !== undefined && stamp(now) <= newest.slice(0, newest.indexOf('-'))) now = timeOf(newest) + 1;
  return `${stamp(now)}-${keyHash.slice(0, 6)}`;
}

function timeOf(id: string): number {
  const parts = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})([\d.]+)Z/.exec(id);
  if (parts === null) return Date.now();
  const [, year, month, day, hour, minute, second] = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
