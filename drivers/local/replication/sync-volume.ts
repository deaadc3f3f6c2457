import { existsSync, statSync } from 'node:fs';
import { SwitchbackFailure } from '../../../core/model/failure';
import type { SyncResult } from '../../../core/model/volume';
import type { CallContext, SyncRequest } from '../../ports';
import { assertNotFenced, type SiteFolder } from '../site-folder';
import type { RecordCounter } from './count-records';
import { Pacer } from './pacer';
import { runPass, type FinishedPass } from './pass';
import { proveEqual, type SyncWork } from './prove-equal';
import { reversed, type Evidence } from './tree/evidence';
import { readPairIndex } from './tree/pair-index';
import { forFs, toRawPath, type RawPath } from './tree/raw-path';
import { scanTree } from './tree/scan-tree';
import { openVolume } from './volume/open-volume';
import { rememberChange, volumeFolder, type VolumeRecord } from './volume/volume-record';

/** ReplicationDriver.sync: refusals first, then a pass, then, of a final one, the proof. */
export async function syncVolume(
  request: SyncRequest,
  sites: { readonly source: SiteFolder; readonly target: SiteFolder; readonly counter: RecordCounter },
  context: CallContext,
): Promise<SyncResult> {
  const pacer = new Pacer([sites.source, sites.target], context);
  pacer.check();
  const source = volumeFolder(sites.source, request.group, request.volume.name);
  const target = volumeFolder(sites.target, request.group, request.volume.name);
  const work: SyncWork = { request, source, target, pacer, counter: sites.counter };
  const result = await onePass(work, { distrust: false });
  return request.final ? proveEqual(work, result, () => onePass(work, { distrust: true })) : result;
}

/** `distrust`: every file is compared by content, whatever earlier passes have found. */
async function onePass(work: SyncWork, { distrust }: { readonly distrust: boolean }): Promise<SyncResult> {
  const started = performance.now();
  const { request, source, target } = work;
  const from = await openVolume(source);
  const onto = await openVolume(target);
  // A final sync is never answered from memory: its proof must be of the data as they are now.
  const earlier = request.final ? undefined : resultOf(onto, request.operationKey);
  if (earlier !== undefined) return earlier;
  await refuse(work, from, onto);

  const asOf = new Date().toISOString();
  const known = distrust ? [] : await knownEvidence(work);
  const marker = request.volume.marker && toRawPath(request.volume.marker.file);
  const resultFor = (done: FinishedPass): SyncResult =>
    syncResult(request, { done, asOf, epoch: from.epoch, durationMs: performance.now() - started });
  const record = await runPass({
    folder: target,
    record: onto,
    pacer: work.pacer,
    durable: request.final,
    known,
    indexFor: { source: request.source.name, target: request.target.name },
    marker,
    counter: work.counter,
    readSource: async () => ({ data: source.data, tree: await scanTree(source.data, work.pacer) }),
    publish: (done) => nextRecord(request, onto, { done, result: resultFor(done), marker }),
  });
  return resultOf(record, request.operationKey)!;
}

function resultOf(record: VolumeRecord, operationKey: string): SyncResult | undefined {
  return record.done.find((change) => change.change === 'sync' && change.operationKey === operationKey)?.result;
}

interface Outcome {
  readonly done: FinishedPass;
  readonly asOf: string;
  readonly epoch: number;
  readonly durationMs: number;
}

function syncResult(request: SyncRequest, { done, asOf, epoch, durationMs }: Outcome): SyncResult {
  const { filesChanged, filesDeleted, bytesChanged, bytesSent, skipped, lines } = done.counts;
  return {
    volume: request.volume.name,
    source: request.source.name,
    target: request.target.name,
    epoch,
    asOf,
    filesCompared: done.files,
    bytesCompared: done.bytes,
    filesChanged,
    filesDeleted,
    bytesChanged,
    bytesSent,
    durationMs: Math.round(durationMs),
    ...(skipped > 0 && { filesSkipped: skipped }),
    ...(request.volume.marker !== undefined && { records: lines ?? 0 }),
  };
}

function nextRecord(
  request: SyncRequest,
  before: VolumeRecord,
  {
    done,
    result,
    marker,
  }: { readonly done: FinishedPass; readonly result: SyncResult; readonly marker: RawPath | undefined },
): Omit<VolumeRecord, 'version'> {
  const { attempt, files, bytes } = done;
  const { operationKey } = request;
  return {
    role: 'replica',
    epoch: result.epoch,
    asOf: result.asOf,
    files,
    bytes,
    ...(marker !== undefined && { marker, records: result.records ?? 0 }),
    done: rememberChange(before, { attempt, operationKey, change: 'sync', result }),
  };
}

async function refuse({ request, source, target }: SyncWork, from: VolumeRecord, onto: VolumeRecord): Promise<void> {
  const site = request.target.name;
  const refusal = (code: 'DataNewer' | 'StaleEpoch', why: string) =>
    new SwitchbackFailure(code, `volume "${request.volume.name}" of site "${site}" ${why}; nothing was changed`, {
      volume: request.volume.name,
      sourceEpoch: from.epoch,
      targetEpoch: onto.epoch,
      epoch: request.epoch,
    });
  if (onto.epoch > from.epoch) {
    throw refusal('DataNewer', `has data of epoch ${onto.epoch}, newer than epoch ${from.epoch} of the source`);
  }
  if (onto.role === 'active' && onto.epoch === from.epoch) {
    throw refusal('DataNewer', `is being written at epoch ${onto.epoch}`);
  }
  if (from.role === 'empty' && onto.role !== 'empty') {
    throw refusal('DataNewer', `has data, and the source "${request.source.name}" has none`);
  }
  await assertNotFenced(target.site, request.group, request.epoch);
  if (request.epoch < onto.epoch)
    throw refusal('StaleEpoch', `is at epoch ${onto.epoch}, the request at ${request.epoch}`);
  if (from.role === 'empty' || existsSync(forFs(source.data))) return;
  // A folder that is not mounted looks like an empty one, and must not empty the replica.
  throw new SwitchbackFailure(
    'SiteUnreachable',
    `the data folder of volume "${request.volume.name}" is missing at site "${request.source.name}"; mount or restore it`,
    { volume: request.volume.name, site: request.source.name },
  );
}

/** What passes in this direction have found; and those in the other, when they were later. */
async function knownEvidence({ request, source, target, pacer }: SyncWork): Promise<readonly Map<RawPath, Evidence>[]> {
  const pair = { source: request.source.name, target: request.target.name };
  const own = await readPairIndex(target.index, pair, pacer);
  if (own !== undefined && changedAt(target.index) >= changedAt(source.index)) return [own];
  const back = await readPairIndex(source.index, { source: pair.target, target: pair.source }, pacer);
  const turned = new Map([...(back ?? [])].map(([path, known]) => [path, reversed(known)]));
  return [own ?? new Map<RawPath, Evidence>(), turned];
}

const changedAt = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
