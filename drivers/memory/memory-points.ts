import { SwitchbackFailure } from '../../core/model/failure';
import { choosePointsToThin } from '../../core/model/retention';
import type { RecoveryPoint, VolumeObservation } from '../../core/model/volume';
import type { CaptureRequest, ReplicationDriver, RestoreRequest } from '../ports';
import {
  assertEpochAllowed,
  assertNotFenced,
  isoNow,
  type MemoryCore,
  reachableSite,
  recordEffect,
  runCall,
} from './memory-call';
import { recordsOf, sizeOf, transferOf } from './memory-content';
import { assertCopyOpen } from './memory-copy-marker';
import { changedVolume, type MemoryContent, seenVolume, type VolumeState } from './memory-state';
import { assertNotStale, describeVolume } from './memory-volume';

/** Recovery points. Their images share files with the volume and with each other. Specification: BEHAVIOUR.md. */
export function createMemoryPoints(core: MemoryCore): Pick<ReplicationDriver, 'capture' | 'restore' | 'thin'> {
  return {
    capture: async (request, context) => {
      const call = {
        method: 'capture',
        site: request.site.name,
        target: request.volume.name,
        mutation: request,
      } as const;
      const effect = (): RecoveryPoint => {
        assertCopyOpen(core, request.site, request);
        const { points } = seenVolume(reachableSite(core, request.site), request.group, request.volume.name);
        const earlier = points.find(({ operationKey }) => operationKey === request.operationKey);
        if (earlier !== undefined) return earlier.point;
        assertEpochAllowed(core, request.site, request);
        assertOfPass(core, request);
        recordEffect(core, call);
        return capture(core, request);
      };
      return runCall(core, call, { context, effect });
    },
    restore: async (request, context) => {
      const call = {
        method: 'restore',
        site: request.site.name,
        target: request.volume.name,
        mutation: request,
      } as const;
      const effect = (): VolumeObservation => {
        assertCopyOpen(core, request.site, request);
        if (restore(core, request)) recordEffect(core, call);
        const { site, group, volume } = request;
        return describeVolume(site, volume, seenVolume(reachableSite(core, site), group, volume.name));
      };
      return runCall(core, call, { context, effect });
    },
    thin: async (site, volume, { group, rules, now }, context) => {
      const effect = (): readonly string[] => {
        const state = seenVolume(reachableSite(core, site), group, volume.name);
        const removed = choosePointsToThin(
          state.points.map(({ point }) => point),
          rules,
          now,
        );
        state.points = state.points.filter(({ point }) => !removed.includes(point.id));
        return removed;
      };
      return runCall(core, { method: 'thin', site: site.name, target: volume.name }, { context, effect });
    },
  };
}

function capture(core: MemoryCore, request: CaptureRequest): RecoveryPoint {
  const { site, group, volume, consistency, reason, operationKey, ofPass } = request;
  const state = changedVolume(reachableSite(core, site), group, volume.name);
  const capturedAt = isoNow(core);
  core.state.points += 1;
  const point: RecoveryPoint = {
    id: `${capturedAt.replace(/[-:]/g, '')}-${core.state.points}`,
    volume: volume.name,
    site: site.name,
    role: state.role === 'replica' ? 'replica' : 'active',
    epoch: state.epoch,
    asOf: state.asOf ?? capturedAt,
    capturedAt,
    consistency,
    ...(ofPass && { set: ofPass.set }),
    ...(reason === undefined ? {} : { reason }),
    ...recordsOf(state.content, volume),
    ...sizeOf(state.content),
    newBytes: transferOf(state.content, state.points[0]?.content ?? {}).bytesChanged,
  };
  state.points = [{ point, operationKey, content: state.content }, ...state.points];
  return point;
}

/** Another pass may have come in between: what it brought was written after the application was resumed. */
function assertOfPass(core: MemoryCore, { site, group, volume, ofPass }: CaptureRequest): void {
  const { role, asOf } = seenVolume(reachableSite(core, site), group, volume.name);
  if (ofPass === undefined || (role === 'replica' && asOf === ofPass.asOf)) return;
  const message = `volume "${volume.name}" at site "${site.name}" does not hold the pass of ${ofPass.asOf} any more; no point was taken`;
  throw new SwitchbackFailure('StaleAttempt', message, { volume: volume.name, site: site.name });
}

/** Returns whether anything was changed. */
function restore(core: MemoryCore, request: RestoreRequest): boolean {
  const { site, group, volume, point: id, operationKey } = request;
  const seen = seenVolume(reachableSite(core, site), group, volume.name);
  assertNotFenced(core, site, request);
  assertNotStale(seen, { site, volume, mutation: request });
  if (seen.restoredBy === operationKey || (id === 'latest' && seen.role !== 'empty')) return false;
  const { point, content } = storedPoint(seen, request);
  const state = changedVolume(reachableSite(core, site), group, volume.name);
  state.content = content;
  state.epoch = point.epoch;
  state.role = point.role;
  state.asOf = point.asOf;
  state.restoredBy = operationKey;
  return true;
}

/** @throws SwitchbackFailure `RecoveryPointMissing` */
export function storedPoint(
  { points }: VolumeState,
  { site, volume, point: id }: Pick<RestoreRequest, 'site' | 'volume' | 'point'>,
): { readonly point: RecoveryPoint; readonly content: MemoryContent } {
  const found = points.find(({ point }) => point.id === id);
  if (found?.content !== undefined) return { point: found.point, content: found.content };
  const known = points.map(({ point }) => point.id).join(', ') || 'none';
  const what = found === undefined ? `there is none of that id; there are: ${known}` : 'its image is damaged';
  const message = `recovery point "${id}" of volume "${volume.name}" at site "${site.name}" cannot be restored: ${what}`;
  throw new SwitchbackFailure('RecoveryPointMissing', message, { point: id });
}
