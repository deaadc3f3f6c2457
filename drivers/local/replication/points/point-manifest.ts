import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Pacer } from '../pacer';
import { evidence, type Evidence } from '../tree/evidence';
import type { RawPath } from '../tree/raw-path';
import type { Tree, TreeEntry } from '../tree/scan-tree';
import type { VolumeFolder } from '../volume/volume-record';
import { missingPoint, pointFolder, readStoredPoint, type StoredPoint } from './recovery-points';

/**
 * A line for each path of a point. `size`, times and inode are those of the volume's file when it was captured: as long as the
 * file still has them, it still has the content of the point.
 */
export interface ManifestEntry extends TreeEntry {
  /** Of a file: as `contentHash` makes it. */
  readonly sha256?: string;
}

export type Manifest = ReadonlyMap<RawPath, ManifestEntry>;

export const manifestText = (entries: Iterable<ManifestEntry>): string =>
  [...entries].map((entry) => JSON.stringify(entry)).join('\n');

export const manifestHash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Throws `RecoveryPointMissing` when the point is unknown or its manifest is not the one it was made with. */
export async function readPoint(
  folder: VolumeFolder,
  id: string,
  pacer: Pacer,
): Promise<{ readonly stored: StoredPoint; readonly manifest: Manifest }> {
  const stored = readStoredPoint(folder, id);
  if (stored === undefined) throw missingPoint(folder, id, 'is unknown');
  const text = await readFile(path.join(pointFolder(folder, id), 'manifest'), 'utf8').catch(() => undefined);
  if (text === undefined || manifestHash(text) !== stored.sha256) {
    throw missingPoint(folder, id, 'is damaged: its manifest is not the one it was made with');
  }
  const manifest = new Map<RawPath, ManifestEntry>();
  for (const line of text === '' ? [] : text.split('\n')) {
    const entry = JSON.parse(line) as ManifestEntry;
    manifest.set(entry.path, entry);
    if (pacer.due) await pacer.breathe({ doing: 'reading the recovery point' });
  }
  return { stored, manifest };
}

/** The point as the source of a pass, and what is known of the volume's files that it was made from. */
export function asSource(manifest: Manifest): { readonly tree: Tree; readonly known: ReadonlyMap<RawPath, Evidence> } {
  const known = new Map<RawPath, Evidence>();
  for (const entry of manifest.values()) {
    if (entry.kind === 'file' && entry.ctimeMs > 0) known.set(entry.path, evidence(entry, entry));
  }
  return { tree: new Map(manifest), known };
}
