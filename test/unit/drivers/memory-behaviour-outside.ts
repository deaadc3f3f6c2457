import type { CheckSpec, Probe } from '../../../core/model/check';
import type { MemoryWorld } from '../../../drivers/memory/memory-world';
import type { SwitchRequest } from '../../../drivers/ports';
import { expectFailure, quietly } from '../../contract/contract';
import { alpha, beta, checkOf, group, type Proof, record, step, volume, workloadOf, worldOf } from './memory-fixtures';

const { primary, recovery } = record.values;
const moveOf = (more: Partial<SwitchRequest> = {}): SwitchRequest => ({
  ...step(2),
  record,
  expected: primary,
  next: recovery,
  ttlSeconds: 5,
  ...more,
});
const move = async (world: MemoryWorld, more: Partial<SwitchRequest> = {}) =>
  world.traffic.switch(moveOf(more), quietly());

const http: Probe = { kind: 'http', port: 8080, path: '/healthy', status: 200 };
const healthy = checkOf('orders', http);
const probe = async (world: MemoryWorld, check: CheckSpec, site = alpha, epoch = 2) =>
  world.check.probe(check, { group, site, epoch }, quietly());

async function serving(more: Parameters<typeof worldOf>[0] = {}): Promise<MemoryWorld> {
  const world = worldOf(more);
  await world.workload.start(alpha, workloadOf('api', { checks: [healthy] }), step(2), quietly());
  world.customers.write({ site: 'alpha', group, volume, record: 'order 1' });
  return world;
}

/** Proofs of the sections "Traffic" and "Checks". */
export const outsideProofs: Readonly<Record<number, Proof>> = {
  39: async () => {
    const world = worldOf();
    const fresh = { ...record, name: 'new.example' };
    const absent = { name: 'new.example', type: 'A', values: [], ttlSeconds: 0, epoch: 0 };
    expect(await world.traffic.current(fresh, quietly())).toEqual(absent);
    await expectFailure(move(world, { record: fresh }), 'RecordChanged');
    expect(await move(world, { record: fresh, expected: [] })).toMatchObject({ values: recovery, epoch: 2 });
  },
  40: async () => {
    const world = worldOf();
    await move(world, { next: ['192.0.2.7', '192.0.2.8'] });
    const entries = world.journal.length;
    await move(world, { next: ['192.0.2.8', '192.0.2.7'] });
    expect(world.journal).toHaveLength(entries);
    await move(world, { ...step(3), expected: ['192.0.2.8', '192.0.2.7'] });
  },
  41: async () => {
    const world = worldOf();
    await move(world);
    expect(await world.traffic.resolve(record, quietly())).toMatchObject({ values: recovery, ttlSeconds: 5 });
    world.inject({ kind: 'dns-does-not-change', target: record.name });
    await move(world, { ...step(3), expected: recovery, next: primary });
    expect(await world.traffic.current(record, quietly())).toMatchObject({ values: primary });
    expect(await world.traffic.resolve(record, quietly())).toMatchObject({ values: recovery });
  },
  42: async () => {
    const world = worldOf();
    await move(world);
    const { next: _unused, ...ttl } = moveOf({ ...step(3), expected: recovery, ttlSeconds: 1 });
    expect(await world.traffic.setTtl(ttl, quietly())).toMatchObject({ ttlSeconds: 1, epoch: 2 });
  },
  43: async () => {
    const world = worldOf();
    world.disasters.setProvider(false);
    const { next: _unused, ...ttl } = moveOf();
    const { traffic } = world;
    const calls = [traffic.current(record, quietly()), traffic.resolve(record, quietly()), move(world)];
    for (const call of [...calls, traffic.setTtl(ttl, quietly())]) await expectFailure(call, 'SiteUnreachable');
    world.disasters.setProvider(true);
    await move(world);
  },
  44: async () => {
    const world = await serving();
    expect(await probe(world, healthy)).toMatchObject({ ok: true });
    expect(await probe(world, { ...healthy, name: 'by another name' })).toMatchObject({ ok: true });
    expect(await probe(world, healthy, alpha, 3)).toMatchObject({ ok: false, saw: '"api" answers with epoch 2' });
    expect(await probe(world, healthy, beta)).toMatchObject({ ok: false });
    expect(await probe(world, checkOf('other', { kind: 'tcp', port: 8080 }))).toMatchObject({ ok: false });
    await world.workload.stop(alpha, workloadOf('api'), step(2), quietly());
    expect(await probe(world, healthy)).toMatchObject({ ok: false, saw: 'connection refused by 127.0.1.1:8080' });
  },
  45: async () => {
    const world = await serving();
    const dns = checkOf('dns', { kind: 'dns', name: record.name, type: 'A', expect: recovery });
    expect(await probe(world, dns)).toMatchObject({ ok: false, saw: '192.0.2.1' });
    await move(world);
    expect(await probe(world, dns)).toMatchObject({ ok: true });
    expect(await probe(world, checkOf('data', { kind: 'checksum', volume: volume.name }))).toMatchObject({ ok: true });
    await expectFailure(probe(world, checkOf('data', { kind: 'checksum', volume: 'nowhere' })), 'InvalidRunbook');
    expect(await probe(world, checkOf('run', { kind: 'command', command: ['/bin/any'] }))).toMatchObject({ ok: true });
  },
  46: async () => {
    const world = await serving();
    world.disasters.isolate('alpha');
    expect(await probe(world, healthy)).toMatchObject({ ok: false, saw: 'no answer from site "alpha"' });
    expect(await probe(world, checkOf('run', { kind: 'command', command: ['/bin/any'] }))).toMatchObject({ ok: false });
    const dns = checkOf('dns', { kind: 'dns', name: record.name, type: 'A', expect: primary });
    expect(await probe(world, dns)).toMatchObject({ ok: true });
  },
  47: async () => {
    const world = await serving({ sleep: async () => Promise.reject(new Error('slept')) });
    world.inject({ kind: 'never-healthy', target: 'orders', site: 'beta' });
    expect(await probe(world, healthy)).toMatchObject({ ok: true });
    world.inject({ kind: 'never-healthy', target: 'orders' });
    expect(await probe(world, healthy)).toMatchObject({ ok: false, saw: '503, made to be never healthy' });
    world.heal();
    world.inject({ kind: 'never-answers', target: 'orders' });
    expect(await probe(world, healthy)).toMatchObject({ ok: false, saw: 'no answer within 100 ms' });
  },
  48: async () => {
    const world = await serving({ allowedCommands: ['/bin/true'] });
    expect(await probe(world, checkOf('run', { kind: 'command', command: ['/bin/true'] }))).toMatchObject({ ok: true });
    await expectFailure(probe(world, checkOf('run', { kind: 'command', command: ['/bin/rm'] })), 'CommandNotAllowed');
    const dns = checkOf('dns', { kind: 'dns', name: 'a', type: 'A', expect: [], server: '192.0.2.53:53' });
    await expectFailure(probe(world, dns), 'AddressNotAllowed');
  },
};
