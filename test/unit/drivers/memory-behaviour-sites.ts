import type { MemoryWorld } from '../../../drivers/memory/memory-world';
import { expectFailure, quietly, watched } from '../../contract/contract';
import { alpha, beta, group, type Proof, step, volume, workloadOf, worldOf } from './memory-fixtures';

const api = workloadOf('api');
const start = async (world: MemoryWorld, epoch: number, key?: string) =>
  world.workload.start(alpha, api, step(epoch, key), quietly());
const stop = async (world: MemoryWorld, epoch: number, key?: string) =>
  world.workload.stop(alpha, api, step(epoch, key), quietly());
const order = { site: 'alpha', group, volume, record: 'order 1' };
const content = (world: MemoryWorld) => world.snapshot().sites['alpha']?.groups[group]?.volumes[volume.name]?.content;

/** Proofs of the sections "Workloads" and "Customers". */
export const siteProofs: Readonly<Record<number, Proof>> = {
  22: async () => {
    const world = worldOf();
    await start(world, 2, 'a/start');
    expect(await start(world, 2, 'b/start')).toMatchObject({ replicas: 1 });
    expect(world.state.sites['alpha']?.groups[group]?.workloads['api']).toMatchObject({
      epoch: 2,
      startedBy: 'a/start',
    });
  },
  23: async () => {
    const world = worldOf();
    await start(world, 3);
    await stop(world, 3);
    await expectFailure(start(world, 2), 'StaleEpoch', /epoch 3.*carries 2/);
  },
  24: async () => {
    const world = worldOf();
    await start(world, 2, 'a/start');
    await stop(world, 2, 'b/stop');
    await expectFailure(start(world, 2, 'a/start'), 'StaleAttempt', /b\/stop/);
    expect(await start(world, 2, 'c/start')).toMatchObject({ status: 'running' });
  },
  25: async () => {
    const world = worldOf({ sleep: async () => Promise.reject(new Error('slept')) });
    world.inject({ kind: 'ignores-requests', target: 'api' });
    const stubborn = { ...api, stopGraceSeconds: 3600 };
    await world.workload.start(alpha, stubborn, step(1), quietly());
    const context = watched();
    await world.workload.stop(alpha, stubborn, step(1), context);
    expect(world.state.sites['alpha']?.groups[group]?.workloads['api']?.endedBy).toBe('force');
    expect(context.messages[0]?.doing).toBe('waiting for api to end');
  },
  26: async () => {
    const world = worldOf();
    const receipt = (more: object = {}) => world.customers.write({ ...order, ...more });
    expect(receipt()).toMatchObject({ acknowledged: false, saw: expect.stringMatching(/nothing runs/) as string });
    await world.workload.start(alpha, workloadOf('web', { volumes: [] }), step(1), quietly());
    expect(receipt()).toMatchObject({ acknowledged: false });
    await start(world, 1);
    expect(receipt()).toEqual({ acknowledged: true, saw: 'written and acknowledged' });
    expect(receipt({ epoch: 2 })).toMatchObject({ acknowledged: false });
    expect(receipt({ site: 'beta' })).toMatchObject({ acknowledged: false });
    await world.workload.fence(alpha, step(2), quietly());
    expect(receipt()).toMatchObject({ acknowledged: false, saw: 'fenced: epoch 1 is lower than 2' });
    world.disasters.isolate('alpha');
    expect(receipt()).toMatchObject({ acknowledged: false, saw: expect.stringMatching(/does not answer/) as string });
  },
  27: async () => {
    const world = worldOf();
    await start(world, 1);
    world.customers.write(order);
    world.customers.write({ ...order, record: 'order 2' });
    await world.workload.fence(alpha, step(2), quietly());
    world.customers.write({ ...order, record: 'order 3' });
    expect(content(world)).toEqual({ 'orders.log': 'order 1\norder 2\n' });
  },
  28: async () => {
    const world = worldOf();
    await start(world, 1);
    world.customers.write(order);
    const [seen] = await world.replication.observe(alpha, group, [volume], quietly());
    expect(seen).toMatchObject({ role: 'active', epoch: 0, records: 1 });
    await world.replication.sync({ ...step(1), volume, source: alpha, target: beta, final: false }, quietly());
    world.customers.put({ site: 'beta', group, volume: volume.name }, {});
    expect(world.snapshot().sites['beta']?.groups[group]?.volumes[volume.name]).toMatchObject({ role: 'replica' });
  },
};
