import { SwitchbackFailure } from '../../core/model/failure';
import type { SiteSpec } from '../../core/model/site';
import type { WorkloadObservation, WorkloadSpec } from '../../core/model/workload';
import type { CallContext, Mutation, WorkloadDriver } from '../ports';
import {
  assertEpochAllowed,
  assertNotFenced,
  type MemoryCore,
  reachableSite,
  recordEffect,
  runCall,
} from './memory-call';
import { createMemoryCopies } from './memory-copies';
import { assertCopyOpen } from './memory-copy-marker';
import { createMemoryFences } from './memory-fences';
import { looksAtSites } from './memory-site-looks';
import { changedGroup, type InstanceState, own, seenGroup } from './memory-state';
import type { MemoryCall } from './memory-journal';

/** One call of `start` or `stop`. */
interface InstanceCall extends MemoryCall {
  readonly place: SiteSpec;
  readonly workload: WorkloadSpec;
  readonly mutation: Mutation;
}

/** Workloads as entries of the state of a site. Specification: BEHAVIOUR.md. */
export function createMemoryWorkloads(core: MemoryCore): WorkloadDriver {
  return {
    ...looksAtSites(core),
    ...createMemoryFences(core),
    ...createMemoryCopies(core),
    inspect: async (site, group, workloads, context) =>
      runCall(
        core,
        { method: 'inspect', site: site.name, target: group },
        {
          context,
          effect: () => {
            const { workloads: known } = seenGroup(reachableSite(core, site), group);
            return workloads.map(({ name }) => observation(site, name, own(known, name)));
          },
        },
      ),
    stop: async (place, workload, mutation, context) => {
      const call = { method: 'stop', site: place.name, target: workload.name, place, workload, mutation } as const;
      await askToEnd(core, call, context);
      return runCall(core, call, { context, effect: () => stop(core, call) });
    },
    start: async (place, workload, mutation, context) => {
      const call = { method: 'start', site: place.name, target: workload.name, place, workload, mutation } as const;
      return runCall(core, call, { context, effect: () => start(core, call) });
    },
  };
}

const instanceOf = (core: MemoryCore, { place, mutation, target }: InstanceCall): InstanceState | undefined =>
  own(seenGroup(reachableSite(core, place), mutation.group).workloads, target);

/** A workload that ignores requests takes its grace time, of which nothing passes in this world: only the caller is told. */
async function askToEnd(core: MemoryCore, { target, site }: InstanceCall, { signal, progress }: CallContext) {
  if (core.faults.find('ignores-requests', target, site) === undefined) return;
  progress({ doing: `waiting for ${target} to end` });
  signal.throwIfAborted();
}

function stop(core: MemoryCore, call: InstanceCall): WorkloadObservation {
  const { place, target, mutation } = call;
  const instance = instanceOf(core, call);
  assertCopyOpen(core, place, mutation);
  assertEpochAllowed(core, place, mutation);
  if (instance?.running !== true) return observation(place, target, undefined);
  if (instance.epoch > mutation.epoch) throw stale(call, instance.epoch);
  if (instance.earlierStops.includes(mutation.operationKey)) throw startedAgain(call, instance);
  if (core.faults.find('refuses-to-stop', target, place.name)) {
    const message = `workload "${target}" at site "${place.name}" could not be proven stopped: it still runs with epoch ${instance.epoch}`;
    throw new SwitchbackFailure('StopFailed', message, { workload: target, site: place.name });
  }
  instance.running = false;
  instance.stoppedBy = mutation.operationKey;
  instance.endedBy = core.faults.find('ignores-requests', target, place.name) ? 'force' : 'request';
  recordEffect(core, call);
  return observation(place, target, undefined);
}

function start(core: MemoryCore, call: InstanceCall): WorkloadObservation {
  const { place, target, mutation, workload } = call;
  const last = instanceOf(core, call);
  assertCopyOpen(core, place, mutation);
  assertNotFenced(core, place, mutation);
  if (last !== undefined && last.epoch > mutation.epoch) throw stale(call, last.epoch);
  if (last?.running === true && last.epoch === mutation.epoch) return observation(place, target, last);
  if (last?.running === true) throw failed(call, `an instance of epoch ${last.epoch} still runs; stop it first`);
  if (last !== undefined && undoneByAnother(last, mutation)) throw overtaken(call, last);
  const ended = core.faults.find('ends-at-once', target, place.name);
  if (ended !== undefined) throw failed(call, `it ended at once; its log ends with:\n${ended.log ?? ''}`);
  const { epoch, operationKey, group } = mutation;
  const earlierStops = [...(last?.earlierStops ?? []), ...(last?.stoppedBy === undefined ? [] : [last.stoppedBy])];
  const starts = (last?.starts ?? 0) + 1;
  const instance: InstanceState = {
    spec: workload,
    running: true,
    epoch,
    startedBy: operationKey,
    starts,
    earlierStops,
  };
  changedGroup(reachableSite(core, place), group).workloads[target] = instance;
  recordEffect(core, call);
  return observation(place, target, instance);
}

/** The start was done, and another step has stopped it since: this one comes late. */
const undoneByAnother = ({ startedBy, stoppedBy }: InstanceState, { operationKey }: Mutation): boolean =>
  startedBy === operationKey && stoppedBy !== undefined && stoppedBy !== operationKey;

function observation(site: SiteSpec, workload: string, instance: InstanceState | undefined): WorkloadObservation {
  const named = { workload, site: site.name };
  if (instance?.running !== true) return { ...named, status: 'stopped', replicas: 0, saw: 'no instance runs' };
  const { epoch } = instance;
  return { ...named, status: 'running', epoch, replicas: 1, saw: `one instance of epoch ${epoch} runs` };
}

function stale({ target, place, mutation }: InstanceCall, found: number): SwitchbackFailure {
  const message = `workload "${target}" at site "${place.name}" is of epoch ${found}; the request carries ${mutation.epoch}`;
  return new SwitchbackFailure('StaleEpoch', message, { epoch: mutation.epoch, found });
}

function failed({ target, place }: InstanceCall, saw: string): SwitchbackFailure {
  const message = `workload "${target}" at site "${place.name}" could not be started: ${saw}`;
  return new SwitchbackFailure('StartFailed', message, { workload: target, site: place.name });
}

function overtaken({ target, place, mutation }: InstanceCall, { stoppedBy = 'nobody' }: InstanceState) {
  const message = `workload "${target}" at site "${place.name}": it was started by ${mutation.operationKey} and has since been stopped by ${stoppedBy}`;
  return new SwitchbackFailure('StaleAttempt', message, { stoppedBy });
}

function startedAgain({ target, place, mutation }: InstanceCall, { startedBy }: InstanceState): SwitchbackFailure {
  const message = `workload "${target}" at site "${place.name}": it was stopped by ${mutation.operationKey} and has since been started by ${startedBy}`;
  return new SwitchbackFailure('StaleAttempt', message, { startedBy });
}
