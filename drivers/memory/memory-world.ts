import { setTimeout as wait } from 'node:timers/promises';
import type { TrafficSpec } from '../../core/model/traffic';
import type { CheckDriver, ReplicationDriver, TrafficDriver, WorkloadDriver } from '../ports';
import type { StandingDriver } from '../standing-port';
import { type MemoryCore, type Sleep } from './memory-call';
import { createMemoryChecks, type MemoryCheckLimits } from './memory-checks';
import { createMemoryCustomers, type MemoryCustomers } from './memory-customers';
import { createMemoryDisasters, type MemoryDisasters } from './memory-disasters';
import { type MemoryFault, MemoryFaults } from './memory-faults';
import { createMemoryReplication } from './memory-replication';
import { type MemorySnapshot, snapshotOf } from './memory-snapshot';
import { emptyState, type MemoryState, type RecordEntry, recordKey } from './memory-state';
import { createMemoryStanding } from './memory-standing';
import { createMemoryTraffic } from './memory-traffic';
import { createMemoryWorkloads } from './memory-workloads';
import type { JournalEntry, MemoryCall, MethodName } from './memory-journal';

/** Milliseconds that calls take. A number: every mutation takes it, looking takes none. */
export type Latency = number | Partial<Readonly<Record<MethodName, number>>>;

export interface MemoryWorldOptions extends MemoryCheckLimits {
  /** Names of the sites. Not needed with `state`. */
  readonly sites?: readonly string[];
  /** Records that the provider holds to begin with, with the values of the primary site. */
  readonly records?: readonly TrafficSpec[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly latency?: Latency;
  /** Only called when a latency is set. Default: a timer that the signal ends. */
  readonly sleep?: Sleep;
  /** State of another world, which this one goes on with: as after a restart of everything but the sites. */
  readonly state?: MemoryState;
}

export interface MemoryWorld {
  readonly workload: WorkloadDriver;
  readonly standing: StandingDriver;
  readonly replication: ReplicationDriver;
  readonly traffic: TrafficDriver;
  readonly check: CheckDriver;
  readonly disasters: MemoryDisasters;
  readonly customers: MemoryCustomers;
  /** Every change of the state that a driver made, in order. */
  readonly journal: readonly JournalEntry[];
  readonly state: MemoryState;
  readonly inject: (fault: MemoryFault) => void;
  /** Ends every fault. What was cut off stays cut off. */
  readonly heal: () => void;
  readonly setLatency: (latency: Latency) => void;
  /** What the sites and records have come to, without instants, ids and keys: for comparing end states. */
  readonly snapshot: () => MemorySnapshot;
}

/** In-memory sites for simulations and workflow tests. Specification: BEHAVIOUR.md. */
export function createMemoryWorld(options: MemoryWorldOptions): MemoryWorld {
  const state = options.state ?? emptyState(options.sites ?? []);
  for (const record of options.records ?? []) state.records[recordKey(record)] ??= recordAtHome(record);
  const faults = new MemoryFaults();
  const journal: JournalEntry[] = [];
  let latency = options.latency ?? 0;
  const latencyOf = ({ method, mutation }: MemoryCall): number => {
    if (typeof latency === 'number') return mutation === undefined ? 0 : latency;
    return latency[method] ?? 0;
  };
  const { now, sleep = pause } = options;
  const core: MemoryCore = { state, faults, journal, now, sleep, latencyOf };
  return {
    workload: createMemoryWorkloads(core),
    standing: createMemoryStanding(core),
    replication: createMemoryReplication(core),
    traffic: createMemoryTraffic(core),
    check: createMemoryChecks(core, options),
    disasters: createMemoryDisasters(core),
    customers: createMemoryCustomers(core),
    journal,
    state,
    inject: (fault) => faults.inject(fault),
    heal: () => faults.heal(),
    setLatency: (next) => void (latency = next),
    snapshot: () => snapshotOf(state),
  };
}

function recordAtHome({ name, type, ttlSeconds, values: { primary: values } }: TrafficSpec): RecordEntry {
  return { held: { name, type, values, ttlSeconds, epoch: 0 }, served: { values, ttlSeconds } };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal });
}
