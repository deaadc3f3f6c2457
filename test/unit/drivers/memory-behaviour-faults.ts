import type { MemoryWorld } from '../../../drivers/memory/memory-world';
import { expectFailure, quietly } from '../../contract/contract';
import { alpha, beta, group, type Proof, step, volume, workloadOf, worldOf } from './memory-fixtures';

const start = async (world: MemoryWorld, name: string, key?: string) =>
  world.workload.start(alpha, workloadOf(name), step(1, key), quietly());
const running = (world: MemoryWorld, site = 'alpha') => world.snapshot().sites[site]?.groups[group]?.running ?? {};
const write = (world: MemoryWorld) =>
  world.customers.write({ site: 'alpha', group, volume, record: 'order' }).acknowledged;

export const faultProofs: Readonly<Record<number, Proof>> = {
  13: async () => {
    const world = worldOf();
    world.inject({ kind: 'call-fails', method: 'start', code: 'StartFailed', message: 'no memory left' });
    await expectFailure(start(world, 'api'), 'StartFailed', /no memory left/);
    expect(running(world)).toEqual({});
    await start(world, 'api');
    expect(running(world)).toEqual({ api: 1 });
  },
  14: async () => {
    const world = worldOf();
    world.inject({ kind: 'call-fails', method: 'start', code: 'SiteUnreachable', moment: 'after' });
    await expectFailure(start(world, 'api', 'a/start'), 'SiteUnreachable');
    expect(running(world)).toEqual({ api: 1 });
    expect(await start(world, 'api', 'a/start')).toMatchObject({ status: 'running', epoch: 1 });
    expect(world.journal).toHaveLength(1);
  },
  15: async () => {
    const world = worldOf();
    world.inject({ kind: 'call-fails', method: 'start', target: 'api', site: 'alpha', nth: 2, code: 'StartFailed' });
    await start(world, 'web');
    await start(world, 'api');
    await world.workload.start(beta, workloadOf('api'), step(1), quietly());
    await world.workload.stop(alpha, workloadOf('api'), step(1), quietly());
    await expectFailure(start(world, 'api'), 'StartFailed');
    await start(world, 'api');
  },
  16: async () => {
    const world = worldOf();
    world.inject({ kind: 'site-vanishes', vanishes: 'alpha', method: 'start', target: 'web' });
    await start(world, 'api');
    await expectFailure(start(world, 'web'), 'SiteUnreachable');
    expect(world.state.sites['alpha']?.isolated).toBe(true);
    expect(running(world)).toEqual({ api: 1 });
  },
  17: async () => {
    const world = worldOf();
    world.inject({ kind: 'refuses-to-stop', target: 'api' });
    world.inject({ kind: 'call-fails', method: 'stop', code: 'StopFailed' });
    await start(world, 'api');
    world.disasters.isolate('beta');
    world.heal();
    await world.workload.stop(alpha, workloadOf('api'), step(1), quietly());
    expect(world.snapshot().sites['beta']?.isolated).toBe(true);
  },
  18: async () => {
    const world = worldOf();
    await start(world, 'api');
    expect(write(world)).toBe(true);
    world.disasters.isolate('alpha');
    expect(write(world)).toBe(false);
    expect(running(world)).toEqual({ api: 1 });
  },
  19: async () => {
    const world = worldOf();
    await start(world, 'api');
    world.disasters.isolate('alpha');
    world.disasters.reconnect('alpha');
    expect(write(world)).toBe(false);
    await expectFailure(start(world, 'web'), 'Fenced', /came back/);
    expect(await world.workload.fencing(alpha, group, quietly())).toMatchObject({ fencing: 'fenced' });
    await world.workload.unfence(alpha, step(1), quietly());
    expect(write(world)).toBe(true);
    await start(world, 'web');
    world.disasters.reconnect('alpha');
    expect(write(world)).toBe(true);
  },
  20: async () => {
    const world = worldOf();
    await start(world, 'api');
    world.disasters.isolate('alpha');
    world.disasters.reconnect('alpha');
    expect(await world.workload.inspect(alpha, group, [workloadOf('api')], quietly())).toMatchObject([{ epoch: 1 }]);
    expect(await world.workload.stop(alpha, workloadOf('api'), step(1), quietly())).toMatchObject({
      status: 'stopped',
    });
    expect(await world.workload.fence(alpha, step(2), quietly())).toMatchObject({ fencing: 'fenced', epoch: 2 });
  },
  21: async () => {
    const world = worldOf();
    await start(world, 'api', 'a/start');
    await start(world, 'web');
    world.disasters.killWorkloads('alpha');
    expect(running(world)).toEqual({});
    await start(world, 'api', 'a/start');
    await start(world, 'web', 'b/start');
    expect(running(world)).toEqual({ api: 1, web: 1 });
  },
};
