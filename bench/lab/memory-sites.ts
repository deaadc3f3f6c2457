import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { DriverSet } from '../../drivers/driver-set';
import { createMemoryWorld, type MemoryWorld } from '../../drivers/memory/memory-world';
import type { MemoryState } from '../../drivers/memory/memory-state';
import type { CallContext } from '../../drivers/ports';
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

async function populatedWorld({ runbook, stateFile }: MemoryWorkerSettings): Promise<MemoryWorld> {
  const { sites, group } = runbook;
  const earlier = stateFile !== undefined && existsSync(stateFile) ? readFileSync(stateFile, 'utf8') : undefined;
  const world = createMemoryWorld({
    sites: [sites.primary.name, sites.recovery.name],
    now: () => Date.now(),
    ...(earlier !== undefined && { state: JSON.parse(earlier) as MemoryState }),
  });
  if (earlier !== undefined) return world;
  const mutation = { group, operationKey: 'first', epoch: 1 };
  for (const volume of runbook.volumes) {
    const place = { site: sites.primary.name, group, volume: volume.name };
    world.customers.put(place, { data: { content: 'one\n', mode: 0o644, modifiedMs: 0 } });
    await world.replication.claim(sites.primary, volume, mutation, quiet);
  }
  for (const workload of runbook.workloads) await world.workload.start(sites.primary, workload, mutation, quiet);
  return world;
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
