import type { SiteSpec } from '../../core/model/site';
import type { FenceState } from '../../core/model/workload';
import type { CallContext, Mutation, WorkloadDriver } from '../ports';
import { assertEpochAllowed, type MemoryCore, reachableSite, recordEffect, runCall, siteOf } from './memory-call';
import { assertCopyOpen } from './memory-copy-marker';
import { changedGroup, type FenceEntry, seenGroup } from './memory-state';

/** The fences of the groups at each site. Specification: BEHAVIOUR.md. */
export function createMemoryFences(core: MemoryCore): Pick<WorkloadDriver, 'fence' | 'unfence' | 'fencing'> {
  const set = async (site: SiteSpec, fencing: FenceEntry['fencing'], mutation: Mutation, context: CallContext) => {
    const method = fencing === 'fenced' ? 'fence' : 'unfence';
    const call = { method, site: site.name, target: mutation.group, mutation } as const;
    const effect = (): FenceState => {
      const place = reachableSite(core, site);
      assertCopyOpen(core, site, mutation);
      assertEpochAllowed(core, site, mutation);
      const { fence } = changedGroup(place, mutation.group);
      const done = fence.epoch === mutation.epoch && fence.fencing === fencing && !fence.quarantined;
      if (!done) recordEffect(core, call);
      Object.assign(fence, { epoch: mutation.epoch, fencing, quarantined: false } satisfies FenceEntry);
      return describeFence(site, fence);
    };
    return runCall(core, call, { context, effect });
  };
  return {
    fence: async (site, mutation, context) => set(site, 'fenced', mutation, context),
    unfence: async (site, mutation, context) => set(site, 'unfenced', mutation, context),
    fencing: async (site, group, context) => {
      const effect = (): FenceState => {
        const place = siteOf(core, site.name);
        if (!place.isolated) return describeFence(site, seenGroup(place, group).fence);
        return { site: site.name, fencing: 'unconfirmed', saw: `site "${site.name}" does not answer` };
      };
      return runCall(core, { method: 'fencing', site: site.name, target: group }, { context, effect });
    },
  };
}

function describeFence({ name: site }: SiteSpec, { epoch, fencing, quarantined }: FenceEntry): FenceState {
  if (quarantined) {
    const saw = 'quarantined: the site came back after it was cut off; nothing may write before it is fenced anew';
    return { site, fencing: 'fenced', epoch, saw };
  }
  return { site, fencing, epoch, saw: `epoch ${epoch} and higher may write` };
}
