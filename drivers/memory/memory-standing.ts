import type { WorkloadStanding } from '../../core/model/standing';
import type { StandingDriver, StandingRequest } from '../standing-port';
import { type MemoryCore, reachableSite, runCall } from './memory-call';
import { own, seenGroup } from './memory-state';

/** Whether the one instance of a workload runs, with every volume claimed for it. */
export const createMemoryStanding = (core: MemoryCore): StandingDriver => ({
  standing: async (request, context) => {
    const { site, workload } = request;
    const call = { method: 'standing', site: site.name, target: workload.name } as const;
    return runCall(core, call, { context, effect: () => standingOf(core, request) });
  },
});

function standingOf(core: MemoryCore, { site, group, workload, volumes, epoch }: StandingRequest): WorkloadStanding {
  const state = seenGroup(reachableSite(core, site), group);
  const instance = own(state.workloads, workload.name);
  if (instance?.running !== true) return { lacks: ['no instance runs'], incarnation: '', saw: 'no instance runs' };
  const lacks = volumes.flatMap(({ name }) => {
    const volume = own(state.volumes, name);
    if (volume?.role === 'active' && volume.epoch <= epoch) return [];
    return [`volume ${name} is ${volume?.role ?? 'not there'}, of epoch ${volume?.epoch ?? 0}: nobody has claimed it`];
  });
  const claimed = lacks.length === 0 ? volumes.map(({ name }) => `, volume ${name} is claimed for it`).join('') : '';
  return {
    lacks,
    incarnation: `start ${instance.starts}`,
    saw: `one instance of epoch ${instance.epoch} runs${claimed}`,
  };
}
