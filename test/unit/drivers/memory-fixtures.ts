import type { CheckSpec, Probe } from '../../../core/model/check';
import type { MemorySite, SiteSpec } from '../../../core/model/site';
import type { TrafficSpec } from '../../../core/model/traffic';
import type { VolumeSpec } from '../../../core/model/volume';
import type { WorkloadSpec } from '../../../core/model/workload';
import { createMemoryWorld, type MemoryWorld, type MemoryWorldOptions } from '../../../drivers/memory/memory-world';
import type { Mutation } from '../../../drivers/ports';
import type { CheckFixture } from '../../contract/check-contract';
import { copyOf } from '../../../core/model/drill';
import { mutation, quietly } from '../../contract/contract';
import type { ReplicationFixture } from '../../contract/replication-fixture';
import type { StandingFixture } from '../../contract/standing-contract';
import type { TrafficFixture } from '../../contract/traffic-contract';
import type { WorkloadFixture } from '../../contract/workload-fixture';

export const alpha: MemorySite = { driver: 'memory', name: 'alpha', address: '127.0.1.1' };
export const beta: MemorySite = { driver: 'memory', name: 'beta', address: '127.0.2.1' };
export const group = 'shop';
export const volume: VolumeSpec = { name: 'orders', marker: { file: 'orders.log' } };

export const record: TrafficSpec = {
  name: 'shop.example',
  type: 'A',
  ttlSeconds: 60,
  moveTtlSeconds: 5,
  values: { primary: ['192.0.2.1'], recovery: ['192.0.2.2'] },
  provider: { driver: 'memory' },
};

export const checkOf = (name: string, probe: Probe): CheckSpec => ({
  name,
  probe,
  timeoutMs: 100,
  intervalMs: 10,
  successes: 1,
  withinSeconds: 1,
});

export const workloadOf = (name: string, more: Partial<WorkloadSpec> = {}): WorkloadSpec => ({
  name,
  priority: 1,
  dependsOn: [],
  volumes: [volume.name],
  stopGraceSeconds: 1,
  checks: [],
  ...more,
});

/** Shows that a sentence of BEHAVIOUR.md is true. */
export type Proof = () => Promise<void>;

let steps = 0;

/** The mutation of a step of its own, or of that step. */
export function step(epoch: number, operationKey?: string): Mutation {
  steps += 1;
  return { group, epoch, operationKey: operationKey ?? `run/step-${steps}` };
}

/** A clock that goes on by one millisecond each time it is read. */
export function tickingClock(): () => number {
  let now = Date.UTC(2026, 10, 21, 10, 15);
  return () => (now += 1);
}

export function worldOf(more: Partial<MemoryWorldOptions> = {}): MemoryWorld {
  return createMemoryWorld({ sites: ['alpha', 'beta'], records: [record], now: tickingClock(), ...more });
}

const twoSites = (world: MemoryWorld) => ({
  group,
  site: alpha,
  peer: beta,
  isolate: async (site: SiteSpec) => world.disasters.isolate(site.name),
  reconnect: async (site: SiteSpec) => world.disasters.reconnect(site.name),
  state: async () => structuredClone(world.state),
  tearDown: async () => undefined,
});

export async function memoryWorkloadFixture(): Promise<WorkloadFixture> {
  const world = worldOf();
  const lastWords = 'cannot read the configuration';
  world.inject({ kind: 'ignores-requests', target: 'stubborn' });
  world.inject({ kind: 'refuses-to-stop', target: 'unstoppable' });
  world.inject({ kind: 'ends-at-once', target: 'endsAtOnce', log: lastWords });
  const instanceAt = (site: SiteSpec, { name }: WorkloadSpec) =>
    world.state.sites[site.name]?.groups[group]?.workloads[name];
  return {
    ...twoSites(world),
    driver: world.workload,
    copy: { ...alpha, address: '127.0.3.1' },
    workloads: {
      wellBehaved: workloadOf('wellBehaved'),
      another: workloadOf('another'),
      stubborn: workloadOf('stubborn'),
      unstoppable: workloadOf('unstoppable'),
      sick: workloadOf('sick'),
      endsAtOnce: workloadOf('endsAtOnce'),
    },
    lastWords,
    restarted: async () => worldOf({ state: structuredClone(world.state) }).workload,
    write: async (site) => world.customers.write({ site: site.name, group, volume, record: 'order' }).acknowledged,
    endedBy: async (site, workload) => instanceAt(site, workload)?.endedBy ?? 'force',
  };
}

export async function memoryStandingFixture(): Promise<StandingFixture> {
  const world = worldOf();
  const workload = workloadOf('ledger');
  const start = async () => world.workload.start(alpha, workload, step(2, 'run/start'), quietly());
  await world.replication.claim(alpha, volume, step(2), quietly());
  await start();
  const whole = { group, site: alpha, workload, volumes: [volume], epoch: 2 };
  return {
    ...twoSites(world),
    driver: world.standing,
    whole,
    takeDown: async () => world.disasters.killWorkloads(alpha.name),
    startAnew: async () => {
      world.disasters.killWorkloads(alpha.name);
      await start();
    },
    withoutVolume: async () => ({ ...whole, volumes: [volume, { name: 'images' }] }),
  };
}

export async function memoryReplicationFixture(): Promise<ReplicationFixture> {
  const world = worldOf();
  const placeOf = (site: SiteSpec, { name }: VolumeSpec) => ({ site: site.name, group, volume: name });
  const put = world.customers.put;
  return {
    ...twoSites(world),
    driver: world.replication,
    volume,
    another: { name: 'images' },
    largeFileBytes: 1 << 20,
    write: async (site, { name }, files) => {
      const entries = files.map(({ path, content, mode = 0o644, modifiedMs = Date.now() }) => {
        return [path, { content, mode, modifiedMs }] as const;
      });
      put({ site: site.name, group, volume: name }, Object.fromEntries(entries));
    },
    link: async (site, spec, path, target) => put(placeOf(site, spec), { [path]: { link: target } }),
    remove: async (site, spec, path) => put(placeOf(site, spec), { [path]: undefined }),
    tree: async (site, spec) => world.customers.read(placeOf(site, spec)),
    prepareCopy: async (site, operationKey) => {
      const prepare = { ...step(1, operationKey), group: copyOf(group) };
      return (await world.workload.prepareCopy(site, prepare, quietly())).removed;
    },
    removeCopy: async (site, operationKey) => {
      await world.workload.removeCopy(site, { ...step(1, operationKey), group: copyOf(group) }, quietly());
    },
    writeCopy: async (site, { name }, files) => {
      const entries = files.map(({ path, content }) => [path, { content, mode: 0o644, modifiedMs: 0 }] as const);
      put({ site: site.name, group: copyOf(group), volume: name }, Object.fromEntries(entries));
    },
    fence: async (site, epoch) => {
      await world.workload.fence(site, step(epoch), quietly());
    },
    disturbed: async (source, { name }) => {
      world.inject({ kind: 'keeps-changing', target: name, site: source.name });
      return quietly();
    },
    damage: async (site, point) => world.disasters.damagePoint(placeOf(site, volume), point.id),
    storedBytes: async (site, { name }) => {
      const stored = world.state.sites[site.name]?.groups[group]?.volumes[name];
      const images = [stored?.content, ...(stored?.points ?? []).map((point) => point.content)];
      const files = new Set(images.flatMap((image) => Object.values(image ?? {})));
      return [...files].reduce((sum, file) => sum + ('content' in file ? file.content.length : 0), 0);
    },
  };
}

export async function memoryTrafficFixture(): Promise<TrafficFixture> {
  const other = { ...record, name: `other.${record.name}` };
  const world = worldOf({ records: [record, other] });
  return {
    group,
    driver: world.traffic,
    record,
    another: async () => other,
    state: async () => structuredClone(world.state),
    changeBehind: async (values) => world.disasters.changeRecord(record, values),
    servedStale: async () => {
      world.inject({ kind: 'dns-does-not-change', target: record.name });
      return record;
    },
    unreachable: async () => {
      world.disasters.setProvider(false);
      return record;
    },
    tearDown: async () => undefined,
  };
}

export async function memoryCheckFixture(): Promise<CheckFixture> {
  const world = worldOf({ allowedCommands: ['/bin/true'] });
  const right = checkOf('orders', { kind: 'http', port: 8080, path: '/healthy', status: 200 });
  const wrong = checkOf('wrong', { ...right.probe });
  const late = checkOf('late', { ...right.probe });
  world.inject({ kind: 'never-healthy', target: 'wrong' });
  world.inject({ kind: 'never-answers', target: 'late' });
  const fixture = { group, state: async () => structuredClone(world.state), tearDown: async () => undefined };
  await world.workload.start(alpha, workloadOf('api', { checks: [right] }), mutation(fixture, 2), quietly());
  return {
    ...fixture,
    driver: world.check,
    target: { group, site: alpha, epoch: 2 },
    right,
    wrong,
    late,
    missing: checkOf('missing', { kind: 'tcp', port: 9 }),
    impossible: [
      { check: checkOf('command', { kind: 'command', command: ['/bin/rm'] }), code: 'CommandNotAllowed' },
      { check: checkOf('volume', { kind: 'checksum', volume: 'nowhere' }), code: 'InvalidRunbook' },
      {
        check: checkOf('dns', { kind: 'dns', name: 'a.example', type: 'A', expect: [], server: '192.0.2.53:53' }),
        code: 'AddressNotAllowed',
      },
    ],
  };
}
