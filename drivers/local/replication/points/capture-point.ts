import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { SwitchbackFailure } from '../../../../core/model/failure';
import type { RecoveryPoint } from '../../../../core/model/volume';
import type { CallContext, CaptureRequest } from '../../../ports';
import { assertEpochAllowed, writeFileAtomically, type SiteFolder } from '../../site-folder';
import { RecordCounter } from '../count-records';
import { failpoint } from '../failpoint';
import { Pacer } from '../pacer';
import { forFs, toRawPath, under, type RawPath } from '../tree/raw-path';
import { orVanished, scanTree, sizeOfTree, type Tree, type TreeEntry } from '../tree/scan-tree';
import { openVolume } from '../volume/open-volume';
import { volumeFolder, type VolumeFolder, type VolumeRecord } from '../volume/volume-record';
import { reservedId, reserveId } from './point-id';
import { copyIntoPoint, type FileToCopy } from './copy-into-point';
import { manifestHash, manifestText, readPoint, type Manifest, type ManifestEntry } from './point-manifest';
import { listPoints, pointFolder, readStoredPoint, sweepPoints, type StoredPoint } from './recovery-points';

/** Replication may commit a pass while a point is taken of the replica: then what changed is taken again. */
const rounds = 10;

interface Capture {
  readonly request: CaptureRequest;
  readonly folder: VolumeFolder;
  readonly pacer: Pacer;
  /** The data folder of the point that is being made. */
  readonly into: RawPath;
  /** The newest earlier point, whose unchanged files are shared. */
  readonly previous: { readonly data: RawPath; readonly manifest: Manifest } | undefined;
}

/** ReplicationDriver.capture. */
export async function capturePoint(
  request: CaptureRequest,
  site: SiteFolder,
  context: CallContext,
): Promise<RecoveryPoint> {
  const pacer = new Pacer([site], context);
  pacer.check();
  const folder = volumeFolder(site, request.group, request.volume.name);
  const id = reservedId(folder, request.operationKey);
  const done = id === undefined ? undefined : readStoredPoint(folder, id);
  if (done !== undefined) return done.point;
  // Of a site in quarantine, too: an image of what came back is what people want before it is overwritten.
  await assertEpochAllowed(site, request.group, request.epoch);
  return build({ request, folder, pacer }, id ?? reserveId(folder, request.operationKey));
}

async function build(work: Omit<Capture, 'into' | 'previous'>, id: string): Promise<RecoveryPoint> {
  const { folder, pacer } = work;
  const building = path.join(folder.points, `.building-${id}-${randomUUID()}`);
  mkdirSync(path.join(building, 'data'), { recursive: true });
  try {
    const capture: Capture = {
      ...work,
      into: toRawPath(path.join(building, 'data')),
      previous: await newestPoint(folder, pacer),
    };
    const { entries, record, asOf } = await captureStill(capture);
    const text = manifestText(entries.values());
    writeFileSync(path.join(building, 'manifest'), text);
    const point = await describe(capture, { id, entries, record, asOf });
    const stored: StoredPoint = { point, operationKey: work.request.operationKey, sha256: manifestHash(text) };
    await writeFileAtomically(path.join(building, 'point.json'), JSON.stringify(stored));
    failpoint('replication:point-built');
    pacer.check();
    return await publish(folder, { building, id, stored });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/** Of two workers that make the same point, the first to rename has made it. */
async function publish(
  folder: VolumeFolder,
  { building, id, stored }: { readonly building: string; readonly id: string; readonly stored: StoredPoint },
): Promise<RecoveryPoint> {
  try {
    await rename(building, pointFolder(folder, id));
    failpoint('replication:point-published');
    await sweepPoints(folder);
    return stored.point;
  } catch (error) {
    const winner = readStoredPoint(folder, id);
    if (winner === undefined) throw error;
    return winner.point;
  }
}

interface Taken {
  readonly entries: Map<RawPath, ManifestEntry>;
  readonly record: VolumeRecord;
  readonly asOf: string;
}

/** Repeats until no commit came in between: each round takes again only what has changed since the one before. */
async function captureStill(capture: Capture): Promise<Taken> {
  let entries = new Map<RawPath, ManifestEntry>();
  for (let round = 0; round < rounds; round += 1) {
    const record = await openVolume(capture.folder);
    assertOfPass(capture, record);
    const asOf = (record.role === 'replica' ? record.asOf : undefined) ?? new Date().toISOString();
    const tree = await scanTree(capture.folder.data, capture.pacer);
    entries = await captureTree(capture, tree, entries);
    const after = await openVolume(capture.folder);
    if (after.version === record.version) return { entries, record, asOf };
  }
  throw new SwitchbackFailure(
    'SyncInterrupted',
    `volume "${capture.folder.volume}" changed ${rounds} times while a recovery point of it was taken`,
    { volume: capture.folder.volume },
  );
}

/** Another pass may have come in between: what it brought was written after the application was resumed. */
function assertOfPass({ request: { ofPass }, folder }: Capture, { role, asOf }: VolumeRecord): void {
  if (ofPass === undefined || (role === 'replica' && asOf === ofPass.asOf)) return;
  throw new SwitchbackFailure(
    'StaleAttempt',
    `volume "${folder.volume}" at site "${folder.site.site.name}" does not hold the pass of ${ofPass.asOf} any more: ` +
      `it is ${role}${asOf === undefined ? '' : ` as of ${asOf}`}; no point was taken`,
    { volume: folder.volume, site: folder.site.site.name },
  );
}

async function captureTree(capture: Capture, tree: Tree, taken: Manifest): Promise<Map<RawPath, ManifestEntry>> {
  for (const entry of [...taken.values()].reverse()) {
    if (!sameFile(entry, tree.get(entry.path)))
      rmSync(forFs(under(capture.into, entry.path)), { recursive: true, force: true });
  }
  mkdirSync(forFs(capture.into), { recursive: true });
  const entries = new Map<RawPath, ManifestEntry>();
  for (const entry of tree.values()) {
    const progress = { doing: 'taking a recovery point', done: entries.size, total: tree.size, unit: 'files' as const };
    if (capture.pacer.due) await capture.pacer.breathe(progress);
    const before = taken.get(entry.path);
    const captured = before && sameFile(before, entry) ? before : await captureEntry(capture, entry);
    if (captured !== undefined) entries.set(entry.path, captured);
  }
  return entries;
}

async function captureEntry(capture: Capture, entry: TreeEntry): Promise<ManifestEntry | undefined> {
  const to = under(capture.into, entry.path);
  const from = under(capture.folder.data, entry.path);
  switch (entry.kind) {
    case 'other':
      return undefined;
    case 'dir':
      mkdirSync(forFs(to), { recursive: true });
      return entry;
    case 'link': {
      const link = orVanished(from, () => readlinkSync(forFs(from), 'latin1'));
      if (link !== undefined) symlinkSync(forFs(link), forFs(to));
      return link === undefined ? undefined : { ...entry, link };
    }
    case 'file':
      return shareWithPrevious(capture, entry, to) ?? copyUnlessKept(capture, { from, to, entry });
  }
}

/** The file has not changed since the point before: that point's file serves for both. */
function shareWithPrevious({ previous }: Capture, entry: TreeEntry, to: RawPath): ManifestEntry | undefined {
  const before = previous?.manifest.get(entry.path);
  if (previous === undefined || before === undefined || !sameFile(before, entry)) return undefined;
  return linkTo(under(previous.data, entry.path), to) ? { ...before, ...entry } : undefined;
}

/** Files are rewritten with the content they had, and times just after a change prove nothing: then the content tells. */
async function copyUnlessKept({ previous, pacer }: Capture, file: FileToCopy): Promise<ManifestEntry | undefined> {
  const copied = await copyIntoPoint(file, pacer);
  const before = previous?.manifest.get(file.entry.path);
  if (copied?.sha256 === undefined || previous === undefined || before?.sha256 !== copied.sha256) return copied;
  const spare = `${file.to}.spare`;
  if (!linkTo(under(previous.data, file.entry.path), spare)) return copied;
  renameSync(forFs(spare), forFs(file.to));
  return copied;
}

/** False: the point was thinned meanwhile, or the file has as many links as the file system allows; a copy does as well. */
function linkTo(existing: RawPath, to: RawPath): boolean {
  try {
    linkSync(forFs(existing), forFs(to));
    return true;
  } catch {
    return false;
  }
}

function sameFile(before: ManifestEntry, now: TreeEntry | undefined): boolean {
  if (now === undefined || before.kind !== now.kind) return false;
  const content = before.size === now.size && before.mtimeMs === now.mtimeMs && before.ino === now.ino;
  // Folders are compared by kind alone: their files are looked at one by one.
  return now.kind === 'dir' || (content && before.ctimeMs === now.ctimeMs);
}

/** Files of the same content are shared with the point before. */
function newBytes({ previous }: Capture, entries: Manifest): number {
  const own = [...entries].filter(([path, { kind, sha256 }]) => {
    const before = previous?.manifest.get(path)?.sha256;
    return kind === 'file' && (before === undefined || before !== sha256);
  });
  return own.reduce((sum, [, { size }]) => sum + size, 0);
}

async function newestPoint(folder: VolumeFolder, pacer: Pacer): Promise<Capture['previous']> {
  for (const { id } of listPoints(folder)) {
    const read = await readPoint(folder, id, pacer).catch((error: unknown) => {
      if (error instanceof SwitchbackFailure && error.code === 'RecoveryPointMissing') return undefined;
      throw error;
    });
    if (read !== undefined)
      return { data: toRawPath(path.join(pointFolder(folder, id), 'data')), manifest: read.manifest };
  }
  return undefined;
}

async function describe(
  capture: Capture,
  { id, entries, record, asOf }: Taken & { readonly id: string },
): Promise<RecoveryPoint> {
  const { request, pacer } = capture;
  const marker = request.volume.marker && under(capture.into, toRawPath(request.volume.marker.file));
  return {
    id,
    volume: request.volume.name,
    site: request.site.name,
    role: record.role === 'replica' ? 'replica' : 'active',
    epoch: record.epoch,
    asOf,
    capturedAt: new Date().toISOString(),
    consistency: request.consistency,
    ...(request.ofPass && { set: request.ofPass.set }),
    ...(request.reason !== undefined && { reason: request.reason }),
    ...(marker !== undefined && { records: await new RecordCounter().count(marker, pacer) }),
    ...sizeOfTree(entries),
    newBytes: newBytes(capture, entries),
  };
}
