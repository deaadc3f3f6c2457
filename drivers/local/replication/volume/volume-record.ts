import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SwitchbackFailure } from '../../../../core/model/failure';
import type { SyncResult, VolumeRole } from '../../../../core/model/volume';
import type { SiteFolder } from '../../site-folder';
import { toRawPath, type RawPath } from '../tree/raw-path';

/**
 * What lies beside the content of a volume:
 *
 *   volume.json            VolumeRecord: whose the content is, and which version; replaced by rename only
 *   index                  PairIndex of the last pass onto this volume
 *   staging/<base>-<id>/   what one attempt prepares on top of version <base> (attempt.ts)
 *   journal/<version>      the change from <version>-1 to <version>, while it is being carried out (journal.ts)
 *   points/<id>/           recovery points (points/recovery-points.ts)
 */
export interface VolumeFolder {
  readonly site: SiteFolder;
  readonly group: string;
  readonly volume: string;
  readonly root: string;
  readonly data: RawPath;
  readonly record: string;
  readonly index: string;
  readonly staging: string;
  readonly journal: string;
  readonly points: string;
}

export function volumeFolder(site: SiteFolder, group: string, volume: string): VolumeFolder {
  const root = site.volumeFolder(group, volume);
  const inRoot = (name: string) => path.join(root, name);
  return {
    site,
    group,
    volume,
    root,
    data: toRawPath(site.volumeData(group, volume)),
    record: inRoot('volume.json'),
    index: inRoot('index'),
    staging: inRoot('staging'),
    journal: inRoot('journal'),
    points: inRoot('points'),
  };
}

/** Content of volume.json. Absent: version 0 of a volume that nobody has replicated or claimed. */
export interface VolumeRecord {
  /** Counts the committed changes; each names the version that it was made on. */
  readonly version: number;
  readonly role: VolumeRole;
  readonly epoch: number;
  /** Of a replica: as in VolumeObservation. */
  readonly asOf?: string;
  readonly files?: number;
  readonly bytes?: number;
  /** Complete lines of `marker` in the replica. */
  readonly records?: number;
  readonly marker?: string;
  /** The latest changes, newest first: a repeated call finds its answer here. */
  readonly done: readonly DoneChange[];
}

export interface DoneChange {
  readonly attempt: string;
  readonly operationKey: string;
  readonly change: 'sync' | 'restore' | 'claim' | 'copy';
  readonly result?: SyncResult;
}

const rememberedChanges = 16;

export const rememberChange = (record: VolumeRecord, change: DoneChange): readonly DoneChange[] =>
  [change, ...record.done].slice(0, rememberedChanges);

export function readVolumeRecord(folder: VolumeFolder): VolumeRecord | undefined {
  const text = textIfThere(folder.record);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as VolumeRecord;
  } catch (cause) {
    const message = `volume "${folder.volume}" of site "${folder.site.site.name}": "${folder.record}" is not JSON; restore the file`;
    throw new SwitchbackFailure('StepFailed', message, {}, { cause });
  }
}

/** Undefined when there is no such file. */
export function textIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
