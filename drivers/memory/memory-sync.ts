import { SwitchbackFailure } from '../../core/model/failure';
import type { SyncProof, SyncResult } from '../../core/model/volume';
import type { ReplicationDriver, SyncRequest } from '../ports';
import { assertNotFenced, isoNow, type MemoryCore, reachableSite, recordEffect, runCall } from './memory-call';
import { assertCopyOpen } from './memory-copy-marker';
import { digestOf, recordsOf, sizeOf, transferOf } from './memory-content';
import { changedVolume, own, seenVolume, type VolumeState } from './memory-state';
import { assertNotStale } from './memory-volume';

/** Passes of replication. Specification: BEHAVIOUR.md. */
export function createMemorySync(core: MemoryCore): Pick<ReplicationDriver, 'sync'> {
  /** Number of the newest pass onto each target: an older one that is still under way has lost. */
  const newest = new Map<string, number>();
  return {
    sync: async (request, context) => {
      const { volume, group, target } = request;
      const onto = JSON.stringify([target.name, group, volume.name]);
      const number = (newest.get(onto) ?? 0) + 1;
      newest.set(onto, number);
      const startedMs = core.now();
      const call = { method: 'sync', site: target.name, target: volume.name, mutation: request } as const;
      const effect = (): SyncResult => {
        assertCopyOpen(core, target, request);
        // Before anything else: also when the newer pass is of the same step and has done the work already.
        if (newest.get(onto) !== number) throw overtaken(request);
        const done = finished(core, request);
        if (done !== undefined) return done;
        const result = copy(core, request, startedMs);
        recordEffect(core, call);
        return result;
      };
      return runCall(core, call, { context, effect });
    },
  };
}

/** What an earlier attempt of the same step did, when it got to its end. */
function finished(core: MemoryCore, { source, target, group, volume, operationKey }: SyncRequest) {
  reachableSite(core, source);
  return own(seenVolume(reachableSite(core, target), group, volume.name).passes, operationKey);
}

function copy(core: MemoryCore, request: SyncRequest, startedMs: number): SyncResult {
  const { source, target, group, volume, operationKey } = request;
  const from = seenVolume(reachableSite(core, source), group, volume.name);
  const before = seenVolume(reachableSite(core, target), group, volume.name);
  assertNotFenced(core, target, request);
  assertDataOlder(request, before, from);
  assertNotStale(before, { site: target, volume, mutation: request });
  const asOf = new Date(startedMs).toISOString();
  const result: SyncResult = {
    volume: volume.name,
    source: source.name,
    target: target.name,
    epoch: from.epoch,
    asOf,
    ...transferOf(from.content, before.content),
    durationMs: core.now() - startedMs,
    ...recordsOf(from.content, volume),
    ...(request.final ? { proof: prove(core, request, from) } : {}),
  };
  const onto = changedVolume(reachableSite(core, target), group, volume.name);
  Object.assign(onto, {
    role: 'replica',
    epoch: from.epoch,
    asOf,
    content: from.content,
  } satisfies Partial<VolumeState>);
  onto.passes[operationKey] = result;
  return result;
}

function prove(core: MemoryCore, { source, target, volume }: SyncRequest, from: VolumeState): SyncProof {
  if (core.faults.find('keeps-changing', volume.name, source.name)) {
    const message = `volume "${volume.name}": after the copy "${source.name}" and "${target.name}" differ; something still writes at "${source.name}"`;
    throw new SwitchbackFailure('SyncMismatch', message, { volume: volume.name });
  }
  const digest = digestOf(from.content);
  const sides = { sourceDigest: digest, targetDigest: digest };
  return { method: 'sha256-tree', ...sizeOf(from.content), ...sides, comparedAt: isoNow(core) };
}

function assertDataOlder({ volume, target, source }: SyncRequest, onto: VolumeState, from: VolumeState): void {
  const written = onto.role === 'active' && onto.epoch === from.epoch;
  // A source without data is a wrong source: its emptiness must not become that of the target.
  const emptied = from.role === 'empty' && onto.role !== 'empty';
  const newer = onto.epoch > from.epoch || written || emptied;
  if (!newer) return;
  const message = `volume "${volume.name}" at site "${target.name}" is ${onto.role} with epoch ${onto.epoch}; data of epoch ${from.epoch} from "${source.name}" may not flow onto it`;
  throw new SwitchbackFailure('DataNewer', message, { target: onto.epoch, source: from.epoch });
}

function overtaken({ volume, target, operationKey }: SyncRequest): SwitchbackFailure {
  const message = `a newer pass onto volume "${volume.name}" at site "${target.name}" has begun; that of ${operationKey} takes no effect`;
  return new SwitchbackFailure('StaleAttempt', message, { operationKey });
}
