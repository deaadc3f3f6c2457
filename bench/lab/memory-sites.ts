import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Runbook } from '../../core/model/runbook';
import type { DriverSet } from '../../drivers/driver-set';
import { createMemoryWorld, type MemoryWorld } from '../../drivers/memory/memory-world';
import type { MemoryState } from '../../drivers/memory/memory-state';
import type { CallContext } from '../../drivers/ports';
import { benchSites } from '../plan/bench-runbook';
import type { MemoryWorkerSettings } from './memory-worker-settings';

const quiet: CallContext = { signal: new AbortController().signal, progress: () => undefined };

/** Two in-memory sites with everything running at the primary, or as an earlier worker left them. */
export async function memorySites(settings: MemoryWorkerSettings): Promise<DriverSet> {
  const { stateFile, stepMs } = settings;
  const world = await populatedWorld(settings);
  // The calls of the four steps; what scheduled replication calls takes no time.
  world.setLatency({ stop: stepMs, claim: stepMs, start: stepMs, probe: stepMs });
  const keep = stateFile === undefined ? () => undefined : () => write(stateFile, JSON.stringify(world.state));
  keep();
  const { workload, replication, check, traffic } = world;
  return {
    sites: { memory: { workload: keeping(workload, keep), replication: keeping(replication, keep), check } },
    traffic: { memory: traffic },
  };
}

async function populatedWorld({ runbooks, stateFile }: MemoryWorkerSettings): Promise<MemoryWorld> {
  const earlier = stateFile !== undefined && existsSync(stateFile) ? readFileSync(stateFile, 'utf8') : undefined;
  const world = createMemoryWorld({
    sites: Object.values(benchSites),
    now: () => Date.now(),
    ...(earlier !== undefined && { state: JSON.parse(earlier) as MemoryState }),
  });
  if (earlier === undefined) for (const runbook of runbooks) await populate(world, runbook);
  return world;
}

async function populate(world: MemoryWorld, { group, sites, volumes, workloads }: Runbook): Promise<void> {
  const mutation = { group, operationKey: 'first', epoch: 1 };
  for (const volume of volumes) {
    const place = { site: sites.primary.name, group, volume: volume.name };
    world.customers.put(place, { data: { content: 'one\n', mode: 0o644, modifiedMs: 0 } });
    await world.replication.claim(sites.primary, volume, mutation, quiet);
  }
  for (const workload of workloads) await world.workload.start(sites.primary, workload, mutation, quiet);
}

/** The driver, with the state kept before anybody hears of the end of a call. */
function keeping<Driver extends object>(driver: Driver, keep: () => void): Driver {
  type Method = (...args: readonly unknown[]) => Promise<unknown>;
  const methods = Object.entries(driver as Record<string, Method>).map(([name, method]) => {
    const kept: Method = async (...args) => {
      const result = await method(...args);
      keep();
      return result;
    };
    return [name, kept] as const;
  });
  return Object.fromEntries(methods) as Driver;
}

function write(file: string, text: string): void {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}
