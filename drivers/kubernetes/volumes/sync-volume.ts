import type { SyncResult } from '../../../core/model/volume';
import type { CallContext, SyncRequest } from '../../ports';
import { atSite } from '../cluster';
import { awaitUnmounted } from './claim-users';
import { numberIn, type PodResult } from './jobs/pod-result';
import { awaitPoint } from './pass/await-point';
import { runPass } from './pass/run-pass';
import { closePass, type TakenPass, takePass } from './pass/take-pass';
import { assertMayFlow, assertNotFenced } from './record/refusals';
import { type OpenVolume, openVolume, remember, type VolumeRecord } from './record/volume-record';
import { claimMissing, type VolumePlace } from './volume-place';

/** ReplicationDriver.sync: refusals first, then a pass whose pod proves, of a final one, that both sides are equal. */
export async function syncVolume(
  request: SyncRequest,
  { source, target }: { readonly source: VolumePlace; readonly target: VolumePlace },
  context: CallContext,
): Promise<SyncResult> {
  const began = performance.now();
  const from = await atSite(source.cluster, async () => openVolume(source));
  const pass = await atSite(target.cluster, async () => {
    // A final sync is never answered from memory: its proof must be of the data as they are now.
    const earlier = request.final ? undefined : earlierResult((await openVolume(target)).record, request);
    return earlier ?? takeTarget(request, from, target, context);
  });
  if (!('holder' in pass)) return pass;
  context.progress({ doing: `copying from "${request.source.name}" to "${request.target.name}"` });
  context.signal.throwIfAborted();
  await atRest(request, { source, target }, context);
  const plan = {
    target,
    source: {
      kind: 'served' as const,
      served: { place: source, data: { claim: source.claim, folder: '' }, service: source.mover.service },
    },
    prove: request.final,
    onlyOntoNothing: pass.before.role === 'unclaimed' && from.record.epoch === 0,
    neverNothing: from.record.role === 'unclaimed',
  };
  const result = await runPass(plan, pass, context);
  return atSite(target.cluster, async () => {
    const sync = syncResult(request, { result, pass, epoch: from.record.epoch, durationMs: performance.now() - began });
    await closePass(target, pass, ({ record }) => replicaOf(record, request, sync));
    return sync;
  });
}

const earlierResult = (record: VolumeRecord, { operationKey }: SyncRequest): SyncResult | undefined =>
  record.done.find((change) => change.change === 'sync' && change.operationKey === operationKey)?.result;

async function takeTarget(
  request: SyncRequest,
  from: OpenVolume,
  target: VolumePlace,
  context: CallContext,
): Promise<TakenPass> {
  const check = (onto: OpenVolume): void => {
    assertMayFlow(from, onto, request);
    if (onto.claim === undefined) throw claimMissing(target);
    if (from.claim === undefined) throw claimMissing(from.place);
  };
  check(await openVolume(target));
  // The last one before a move is under nobody's schedule, and waits for nothing. The fence may be set during the wait, and is read after it.
  if (!request.final) await awaitPoint(target, context);
  await assertNotFenced(target, request);
  return takePass(target, { operationKey: request.operationKey, script: 'pull', check }, context);
}

async function atRest(
  { final }: SyncRequest,
  { source, target }: { readonly source: VolumePlace; readonly target: VolumePlace },
  context: CallContext,
): Promise<void> {
  await atSite(target.cluster, async () =>
    awaitUnmounted(target, 'a replica is written by replication alone', context),
  );
  if (!final) return;
  const why = 'the last sync before a move copies what nobody writes any more';
  await atSite(source.cluster, async () => awaitUnmounted(source, why, context));
}

interface Outcome {
  readonly result: PodResult;
  readonly pass: TakenPass;
  readonly epoch: number;
  readonly durationMs: number;
}

function syncResult(request: SyncRequest, { result, pass, epoch, durationMs }: Outcome): SyncResult {
  const [files, bytes, skipped] = [numberIn(result, 'files'), numberIn(result, 'bytes'), numberIn(result, 'skipped')];
  const { source = '', target = '' } = result.values;
  const proof = {
    method: 'sha256-tree' as const,
    files,
    bytes,
    sourceDigest: source,
    targetDigest: target,
    comparedAt: new Date().toISOString(),
  };
  return {
    volume: request.volume.name,
    source: request.source.name,
    target: request.target.name,
    epoch,
    asOf: pass.asOf,
    filesCompared: files,
    bytesCompared: bytes,
    filesChanged: numberIn(result, 'changed'),
    filesDeleted: numberIn(result, 'deleted'),
    bytesChanged: numberIn(result, 'changedBytes'),
    bytesSent: numberIn(result, 'sent'),
    durationMs: Math.round(durationMs),
    ...(skipped > 0 && { filesSkipped: skipped }),
    ...(request.volume.marker !== undefined && { records: numberIn(result, 'records') }),
    ...(request.final && { proof }),
  };
}

function replicaOf(before: VolumeRecord, request: SyncRequest, result: SyncResult): VolumeRecord {
  const { marker } = request.volume;
  return {
    ...before,
    role: 'replica',
    epoch: result.epoch,
    asOf: result.asOf,
    figures: {
      files: result.filesCompared,
      bytes: result.bytesCompared,
      ...(marker !== undefined && result.records !== undefined && { records: result.records, marker: marker.file }),
    },
    changes: before.changes + 1,
    done: remember(before, { operationKey: request.operationKey, change: 'sync', result }),
  };
}
