import type { WorkloadDriver } from '../ports';
import { isoNow, type MemoryCore, runCall, siteOf } from './memory-call';

/** Whether sites answer, and each other. Specification: BEHAVIOUR.md. */
export function looksAtSites(core: MemoryCore): Pick<WorkloadDriver, 'siteHealth' | 'connectivity'> {
  return {
    siteHealth: async ({ name }, context) =>
      runCall(
        core,
        { method: 'siteHealth', site: name, target: name },
        {
          context,
          effect: () => {
            const reachable = !siteOf(core, name).isolated;
            const findings = reachable ? [{ name: 'answers', ok: true, saw: 'the site answers' }] : [];
            return { site: name, reachable, findings, observedAt: isoNow(core) };
          },
        },
      ),
    connectivity: async (from, to, context) =>
      runCall(
        core,
        { method: 'connectivity', site: from.name, target: to.name },
        {
          context,
          effect: () => {
            const silent = [from.name, to.name].filter((name) => siteOf(core, name).isolated);
            const way = { from: from.name, to: to.name };
            if (silent.length > 0) return { ...way, ok: false, saw: `no answer from ${silent.join(' and ')}` };
            return { ...way, ok: true, saw: 'connected', latencyMs: 0 };
          },
        },
      ),
  };
}
