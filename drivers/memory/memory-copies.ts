import { assertIsCopy, runOf } from '../../core/model/drill';
import type { SiteSpec } from '../../core/model/site';
import type { VolumeObservation } from '../../core/model/volume';
import type { CopyRequest, Mutation, RemovedCopy, ReplicationDriver, WorkloadDriver } from '../ports';
import { type MemoryCore, reachableSite, recordEffect, runCall } from './memory-call';
import { assertCopyOpen } from './memory-copy-marker';
import { storedPoint } from './memory-points';
import { changedVolume, clearGroup, own, seenGroup, seenVolume } from './memory-state';
import { describeVolume } from './memory-volume';

/** Copies of drills: a group of their own. Specification: BEHAVIOUR.md. */
export function createMemoryCopies(core: MemoryCore): Pick<WorkloadDriver, 'prepareCopy' | 'removeCopy'> {
  return {
    prepareCopy: async (site, mutation, context) => {
      const call = { method: 'prepareCopy', site: site.name, target: mutation.group, mutation } as const;
      const effect = (): RemovedCopy => {
        assertIsCopy(mutation.group);
        const place = reachableSite(core, site);
        if (seenGroup(place, mutation.group).copyRun === runOf(mutation.operationKey)) return { removed: [] };
        recordEffect(core, call);
        const removed = namesOf(core, site, mutation);
        clearGroup(place, mutation.group, runOf(mutation.operationKey));
        return { removed };
      };
      return runCall(core, call, { context, effect });
    },
    removeCopy: async (site, mutation, context) => {
      const call = { method: 'removeCopy', site: site.name, target: mutation.group, mutation } as const;
      const effect = (): RemovedCopy => {
        assertIsCopy(mutation.group);
        const place = reachableSite(core, site);
        if (seenGroup(place, mutation.group).copyRun !== runOf(mutation.operationKey)) return { removed: [] };
        recordEffect(core, call);
        const removed = namesOf(core, site, mutation);
        clearGroup(place, mutation.group);
        return { removed };
      };
      return runCall(core, call, { context, effect });
    },
  };
}

export function createMemoryVolumeCopies(core: MemoryCore): Pick<ReplicationDriver, 'copy'> {
  return {
    copy: async (request, context) => {
      const { site, volume, group } = request;
      const call = { method: 'copy', site: site.name, target: volume.name, mutation: request } as const;
      const effect = (): VolumeObservation => {
        assertCopyOpen(core, site, request);
        if (own(seenGroup(reachableSite(core, site), group).volumes, volume.name) === undefined) {
          copy(core, request);
          recordEffect(core, call);
        }
        return describeVolume(site, volume, seenVolume(reachableSite(core, site), group, volume.name));
      };
      return runCall(core, call, { context, effect });
    },
  };
}

function copy(core: MemoryCore, request: CopyRequest): void {
  const { site, volume, from, group, epoch, point } = request;
  const place = reachableSite(core, site);
  const replica = seenVolume(place, from, volume.name);
  const latest = point === 'latest' && replica.role !== 'empty';
  const stored = latest ? undefined : storedPoint(replica, request);
  const made = changedVolume(place, group, volume.name);
  made.role = 'active';
  made.epoch = epoch;
  made.content = stored?.content ?? replica.content;
  const asOf = stored?.point.asOf ?? replica.asOf;
  if (asOf !== undefined) made.asOf = asOf;
}

function namesOf(core: MemoryCore, site: SiteSpec, { group }: Mutation): readonly string[] {
  const { workloads, volumes } = seenGroup(reachableSite(core, site), group);
  return [...Object.keys(workloads), ...Object.keys(volumes)].sort();
}
