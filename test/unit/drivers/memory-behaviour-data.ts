import { copyOf } from '../../../core/model/drill';
import type { MemoryWorld } from '../../../drivers/memory/memory-world';
import type { CaptureRequest, RestoreRequest, SyncRequest } from '../../../drivers/ports';
import { expectFailure, outcomeOf, quietly } from '../../contract/contract';
import { alpha, beta, group, type Proof, step, volume, worldOf } from './memory-fixtures';

const home = { site: 'alpha', group, volume: volume.name };
const passOf = (more: Partial<SyncRequest> = {}): SyncRequest => ({
  ...step(1),
  volume,
  source: alpha,
  target: beta,
  final: false,
  ...more,
});
const captureOf = (more: Partial<CaptureRequest> = {}): CaptureRequest => ({
  ...step(1),
  volume,
  site: alpha,
  consistency: 'crash',
  ...more,
});
const restoreOf = (point: string, more: Partial<RestoreRequest> = {}): RestoreRequest => ({
  ...step(1),
  volume,
  site: alpha,
  point,
  ...more,
});
const copyStep = (name: string) => ({ ...step(1, `run-1/${name}`), group: copyOf(group) });
const file = (content: string) => ({ content, mode: 0o644, modifiedMs: 0 });
const put = (world: MemoryWorld, path: string, content: string) => world.customers.put(home, { [path]: file(content) });

async function claimed(content = 'order 1\n'): Promise<MemoryWorld> {
  const world = worldOf();
  put(world, 'orders.log', content);
  await world.replication.claim(alpha, volume, step(1), quietly());
  return world;
}

export const dataProofs: Readonly<Record<number, Proof>> = {
  29: async () => {
    const world = await claimed();
    world.customers.put(home, { 'a/b': file('xyz'), link: { link: 'a/b' } });
    expect(world.customers.read(home)['link']).toEqual({ link: 'a/b' });
    const [seen] = await world.replication.observe(alpha, group, [volume], quietly());
    expect(seen).toMatchObject({ files: 3, bytes: 8 + 3, records: 1 });
  },
  30: async () => {
    const world = await claimed('x'.repeat(10_000));
    expect(await world.replication.sync(passOf(), quietly())).toMatchObject({
      bytesChanged: 10_000,
      bytesSent: 10_000,
    });
    put(world, 'orders.log', 'y' + 'x'.repeat(9_999));
    expect(await world.replication.sync(passOf(), quietly())).toMatchObject({ bytesChanged: 10_000, bytesSent: 4_096 });
    put(world, 'orders.log', 'y' + 'x'.repeat(10_009));
    expect(await world.replication.sync(passOf(), quietly())).toMatchObject({ bytesSent: 10_010 - 2 * 4_096 });
  },
  31: async () => {
    const world = await claimed();
    const sleep = async (): Promise<void> => put(world, 'orders.log', 'order 1\norder 2\n');
    let now = 0;
    const slow = worldOf({ state: world.state, latency: 1, sleep, now: () => (now += 1000) });
    const result = await slow.replication.sync(passOf(), quietly());
    expect(result).toMatchObject({ records: 2, asOf: new Date(1000).toISOString() });
  },
  32: async () => {
    const world = await claimed();
    let second: Promise<string> | undefined;
    const progress = (): void => void (second ??= outcomeOf(world.replication.sync(passOf(), quietly())));
    expect(await outcomeOf(world.replication.sync(passOf(), { ...quietly(), progress }))).toBe('StaleAttempt');
    expect(await second).toBe('done');
  },
  33: async () => {
    const world = worldOf({ sites: ['alpha', 'beta', 'gamma'] });
    world.customers.put({ ...home, site: 'beta' }, { a: file('precious') });
    await world.replication.sync(passOf({ source: beta, target: alpha }), quietly());
    const gamma = { ...alpha, name: 'gamma' };
    await expectFailure(world.replication.sync(passOf({ source: gamma, target: alpha }), quietly()), 'DataNewer');
    expect(world.customers.read(home)).toEqual({ a: file('precious') });
  },
  34: async () => {
    const world = await claimed();
    const first = await world.replication.sync(passOf({ operationKey: 'a/sync' }), quietly());
    put(world, 'orders.log', 'order 1\norder 2\n');
    expect(await world.replication.sync(passOf({ operationKey: 'a/sync' }), quietly())).toEqual(first);
    expect(await world.replication.sync(passOf({ operationKey: 'b/sync' }), quietly())).toMatchObject({ records: 2 });
  },
  35: async () => {
    const world = await claimed();
    const point = await world.replication.capture(captureOf(), quietly());
    const state = world.state.sites['alpha']?.groups[group]?.volumes[volume.name];
    expect(state?.points[0]?.content?.['orders.log']).toBe(state?.content['orders.log']);
    put(world, 'orders.log', 'changed\n');
    await world.replication.restore(restoreOf(point.id), quietly());
    expect(world.customers.read(home)).toMatchObject({ 'orders.log': { content: 'order 1\n' } });
  },
  36: async () => {
    const world = await claimed();
    const point = await world.replication.capture(captureOf(), quietly());
    await world.replication.claim(alpha, volume, step(2), quietly());
    const restored = await world.replication.restore(restoreOf(point.id, step(2)), quietly());
    expect(restored).toMatchObject({ role: 'active', epoch: 1, records: 1, asOf: point.asOf });
    await world.replication.sync(passOf({}), quietly());
    const ofReplica = await world.replication.capture(captureOf({ site: beta }), quietly());
    await world.replication.claim(beta, volume, step(2, 'b/claim'), quietly());
    const again = await world.replication.restore(restoreOf(ofReplica.id, { ...step(3), site: beta }), quietly());
    expect(again).toMatchObject({ role: 'replica', epoch: 1 });
  },
  37: async () => {
    const world = await claimed();
    await expectFailure(
      world.replication.restore(restoreOf('latest', { site: beta }), quietly()),
      'RecoveryPointMissing',
    );
    const entries = world.journal.length;
    expect(await world.replication.restore(restoreOf('latest'), quietly())).toMatchObject({ records: 1 });
    expect(world.journal).toHaveLength(entries);
  },
  38: async () => {
    const world = await claimed();
    await world.replication.capture(captureOf(), quietly());
    await world.replication.capture(captureOf(), quietly());
    const entries = world.journal.length;
    const policy = { group, rules: [], now: new Date(0).toISOString() };
    expect(await world.replication.thin(alpha, volume, policy, quietly())).toHaveLength(1);
    expect(world.journal).toHaveLength(entries);
  },
  49: async () => {
    const world = await claimed();
    const [prepare, remove] = [copyStep('prepare'), copyStep('remove')];
    const before = world.snapshot();
    await world.workload.prepareCopy(alpha, prepare, quietly());
    expect(world.state.sites['alpha']?.groups[copyOf(group)]).toMatchObject({ copyRun: 'run-1', workloads: {} });
    await world.workload.removeCopy(alpha, remove, quietly());
    expect(world.snapshot()).toEqual(before);
  },
  50: async () => {
    const world = await claimed();
    await world.workload.prepareCopy(alpha, copyStep('prepare'), quietly());
    const request = { ...copyStep('copy'), volume, site: alpha, from: group, point: 'latest' };
    expect(await world.replication.copy(request, quietly())).toMatchObject({ role: 'active', records: 1 });
    const copied = { ...home, group: copyOf(group) };
    world.customers.put(copied, { 'drill.txt': file('of the copy') });
    put(world, 'later.txt', 'of production');
    expect(Object.keys(world.customers.read(home))).not.toContain('drill.txt');
    expect(Object.keys(world.customers.read(copied))).not.toContain('later.txt');
  },
};
