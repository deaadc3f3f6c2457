import type { VolumeObservation } from '../../core/model/volume';
import type { ReplicationDriver } from '../ports';
import { assertNotFenced, type MemoryCore, reachableSite, recordEffect, runCall } from './memory-call';
import { createMemoryVolumeCopies } from './memory-copies';
import { assertCopyOpen } from './memory-copy-marker';
import { createMemoryPoints } from './memory-points';
import { changedVolume, seenVolume } from './memory-state';
import { createMemorySync } from './memory-sync';
import { assertNotStale, describeVolume } from './memory-volume';

/** Volumes as entries of the state of a site. Specification: BEHAVIOUR.md. */
export function createMemoryReplication(core: MemoryCore): ReplicationDriver {
  return {
    ...createMemorySync(core),
    ...createMemoryPoints(core),
    ...createMemoryVolumeCopies(core),
    observe: async (site, group, volumes, context) =>
      runCall(
        core,
        { method: 'observe', site: site.name, target: group },
        {
          context,
          effect: () => {
            const place = reachableSite(core, site);
            return volumes.map((volume) => describeVolume(site, volume, seenVolume(place, group, volume.name)));
          },
        },
      ),
    claim: async (site, volume, mutation, context) => {
      const call = { method: 'claim', site: site.name, target: volume.name, mutation } as const;
      const effect = (): VolumeObservation => {
        const place = reachableSite(core, site);
        assertCopyOpen(core, site, mutation);
        assertNotFenced(core, site, mutation);
        assertNotStale(seenVolume(place, mutation.group, volume.name), { site, volume, mutation });
        const state = changedVolume(place, mutation.group, volume.name);
        if (state.role !== 'active' || state.epoch !== mutation.epoch) recordEffect(core, call);
        state.role = 'active';
        state.epoch = mutation.epoch;
        delete state.asOf;
        return describeVolume(site, volume, state);
      };
      return runCall(core, call, { context, effect });
    },
  };
}
