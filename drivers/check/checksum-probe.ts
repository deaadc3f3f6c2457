import { createHash } from 'node:crypto';
import { readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { ChecksumProbe } from '../../core/model/check';
import { SwitchbackFailure } from '../../core/model/failure';
import type { Answer, ProbeRequest } from './probe-request';
import { readManifest } from './checksum-manifest';
import { hashFile, type VolumeReader } from './volume-file';

/** A few are enough to know where to look. */
const toldFaults = 3;

/** Reads the files that the manifest names, or all of the volume, and compares or only hashes them. */
export async function probeChecksum(request: ProbeRequest<ChecksumProbe>): Promise<Answer> {
  const { probe, signal, progress } = request;
  const folder = volumeFolder(request);
  const root = await realpath(folder).catch(() => undefined);
  if (root === undefined) return { ok: false, saw: `volume "${probe.volume}" is not there` };
  const reader: VolumeReader = { root, signal, progress };
  return probe.manifest === undefined ? readAll(reader) : compare(reader, probe.manifest);
}

function volumeFolder({ check, probe, target, options }: ProbeRequest<ChecksumProbe>): string {
  const folder = options.volumeFolder(target.site, target.group, probe.volume);
  if (folder === undefined) {
    const message = `check "${check}" asks for volume "${probe.volume}", which group "${target.group}" does not have`;
    throw new SwitchbackFailure('InvalidRunbook', message, { check, volume: probe.volume });
  }
  if (probe.manifest !== undefined && leavesFolder(probe.manifest)) {
    const message = `check "${check}": manifest "${probe.manifest}" is not inside the volume "${probe.volume}"`;
    throw new SwitchbackFailure('InvalidRunbook', message, { check, manifest: probe.manifest });
  }
  return folder;
}

function leavesFolder(file: string): boolean {
  return path.isAbsolute(file) || path.normalize(file).split(path.sep).includes('..');
}

async function compare(reader: VolumeReader, manifest: string): Promise<Answer> {
  const faults: string[] = [];
  let files = 0;
  for await (const line of readManifest(reader, manifest)) {
    files += 1;
    const fault = line.kind === 'fault' ? line.because : await faultOf(reader, line);
    if (fault !== undefined) faults.push(fault);
    // Files that do not match may be many and large; three are as bad as all.
    if (faults.length >= toldFaults) break;
  }
  if (files === 0) return { ok: false, saw: `manifest ${manifest} names no file` };
  if (faults.length > 0) return { ok: false, saw: faults.join('; ') };
  return { ok: true, saw: `${files} files match ${manifest}` };
}

async function faultOf(reader: VolumeReader, line: { readonly file: string; readonly sha256: string }) {
  if (leavesFolder(line.file)) return `the manifest names "${line.file}", which is not inside the volume`;
  const hashed = await hashFile(reader, line.file);
  if (hashed.kind === 'fault') return hashed.because;
  return hashed.sha256 === line.sha256 ? undefined : `${line.file} is not what the manifest says`;
}

async function readAll(reader: VolumeReader): Promise<Answer> {
  const tree = createHash('sha256');
  let [files, bytes] = [0, 0];
  for await (const file of filesBelow(reader, '')) {
    const hashed = await hashFile(reader, file);
    if (hashed.kind === 'fault') return { ok: false, saw: hashed.because };
    files += 1;
    bytes += hashed.bytes;
    tree.update(`${hashed.sha256}  ${file}\n`);
  }
  if (files === 0) return { ok: false, saw: 'the volume holds no file' };
  return { ok: true, saw: `${files} files, ${bytes} bytes read, sha256 ${tree.digest('hex').slice(0, 16)}` };
}

/** Regular files in the order of their names. Links are not followed: they could lead out of the volume or in a circle. */
async function* filesBelow(reader: VolumeReader, folder: string): AsyncGenerator<string> {
  const entries = await readdir(path.join(reader.root, folder), { withFileTypes: true });
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    reader.signal.throwIfAborted();
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(reader, file);
    else if (entry.isFile()) yield file;
  }
}
