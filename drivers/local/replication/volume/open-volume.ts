import { existsSync, readdirSync } from 'node:fs';
import { completeJournal, journalFile } from './journal';
import { readVolumeRecord, type VolumeFolder, type VolumeRecord } from './volume-record';
import { forFs } from '../tree/raw-path';

/** Completes a change that an interrupted worker had committed, and answers what the volume is now. */
export async function openVolume(folder: VolumeFolder): Promise<VolumeRecord> {
  for (;;) {
    const record = readVolumeRecord(folder) ?? untouched(folder);
    if (!existsSync(journalFile(folder, record.version + 1))) return record;
    await completeJournal(folder, record.version + 1);
  }
}

/** Data that nobody has claimed yet counts as being written, so that no replica of the same epoch replaces it. */
function untouched(folder: VolumeFolder): VolumeRecord {
  return { version: 0, role: hasData(folder) ? 'active' : 'empty', epoch: 0, done: [] };
}

function hasData(folder: VolumeFolder): boolean {
  try {
    return readdirSync(forFs(folder.data)).length > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
