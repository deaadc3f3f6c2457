import { createHash } from 'node:crypto';
import type { SyncResult, VolumeSpec } from '../../core/model/volume';
import { type MemoryContent, type MemoryFile, own } from './memory-state';

/** Of a changed file only the blocks that differ count as sent. */
const blockLength = 4096;

type Transfer = Pick<
  SyncResult,
  'filesCompared' | 'bytesCompared' | 'filesChanged' | 'filesDeleted' | 'bytesChanged' | 'bytesSent'
>;

const textOf = (file: MemoryFile): string => ('link' in file ? file.link : file.content);

/** Length in UTF-16 units, which are the bytes of this world: ASCII content has as many of either. */
const lengthOf = (file: MemoryFile): number => ('link' in file ? 0 : file.content.length);

export function sizeOf(content: MemoryContent): { readonly files: number; readonly bytes: number } {
  const files = Object.values(content);
  return { files: files.length, bytes: files.reduce((sum, file) => sum + lengthOf(file), 0) };
}

/** Complete lines of the marker file; absent when the volume declares none. */
export function recordsOf(content: MemoryContent, volume: VolumeSpec): { readonly records?: number } {
  if (volume.marker === undefined) return {};
  const file = own(content, volume.marker.file);
  if (file === undefined || 'link' in file) return { records: 0 };
  let records = 0;
  for (let at = file.content.indexOf('\n'); at >= 0; at = file.content.indexOf('\n', at + 1)) records += 1;
  return { records };
}

/** SHA-256 over paths, contents, modes and links in the order of the paths. */
export function digestOf(content: MemoryContent): string {
  const hash = createHash('sha256');
  for (const path of Object.keys(content).sort()) {
    const file = content[path] as MemoryFile;
    hash.update(JSON.stringify([path, 'link' in file ? 'link' : file.mode, textOf(file)]));
  }
  return hash.digest('hex');
}

/** What a pass from one content to the other compares, changes and sends. */
export function transferOf(source: MemoryContent, target: MemoryContent): Transfer {
  const compared = sizeOf(source);
  const changed = Object.entries(source).filter(([path, file]) => !sameFile(file, own(target, path)));
  return {
    filesCompared: compared.files,
    bytesCompared: compared.bytes,
    filesChanged: changed.length,
    filesDeleted: Object.keys(target).filter((path) => own(source, path) === undefined).length,
    bytesChanged: changed.reduce((sum, [, file]) => sum + lengthOf(file), 0),
    bytesSent: changed.reduce((sum, [path, file]) => sum + changedLength(file, own(target, path)), 0),
  };
}

function sameFile(one: MemoryFile, other: MemoryFile | undefined): boolean {
  if (one === other) return true;
  if (other === undefined) return false;
  if ('link' in one || 'link' in other) return 'link' in one && 'link' in other && one.link === other.link;
  return one.content === other.content && one.mode === other.mode && one.modifiedMs === other.modifiedMs;
}

function changedLength(file: MemoryFile, earlier: MemoryFile | undefined): number {
  const text = 'link' in file ? '' : file.content;
  const before = earlier === undefined || 'link' in earlier ? '' : earlier.content;
  let length = 0;
  for (let at = 0; at < text.length; at += blockLength) {
    const block = text.slice(at, at + blockLength);
    if (block !== before.slice(at, at + blockLength)) length += block.length;
  }
  return length;
}
