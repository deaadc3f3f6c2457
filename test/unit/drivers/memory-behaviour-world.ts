import { setTimeout as pause } from 'node:timers/promises';
import type { CallContext } from '../../../drivers/ports';
import { expectFailure, quietly, watched } from '../../contract/contract';
import {
  alpha,
  beta,
  group,
  type Proof,
  record,
  step,
  tickingClock,
  volume,
  workloadOf,
  worldOf,
} from './memory-fixtures';
import type { MemoryWorld } from '../../../drivers/memory/memory-world';

/** A little of everything. */
async function someLife(world: MemoryWorld): Promise<unknown> {
  const api = workloadOf('api');
  const answers: unknown[] = [];
  answers.push(await world.replication.claim(alpha, volume, step(1, 'a/claim'), quietly()));
  answers.push(await world.workload.start(alpha, api, step(1, 'a/start'), quietly()));
  world.customers.write({ site: 'alpha', group, volume, record: 'order 1' });
  const pass = { ...step(1, 'a/sync'), volume, source: alpha, target: beta, final: true };
  answers.push(await world.replication.sync(pass, quietly()));
  const capture = { ...step(1, 'a/capture'), volume, site: beta, consistency: 'crash' as const };
  answers.push(await world.replication.capture(capture, quietly()));
  const { primary, recovery } = record.values;
  const move = { ...step(2, 'a/move'), record, expected: primary, next: recovery, ttlSeconds: 5 };
  answers.push(await world.traffic.switch(move, quietly()));
  return { answers, state: structuredClone(world.state), journal: [...world.journal] };
}

const apiStart = async (world: MemoryWorld, context: CallContext = quietly()) =>
  world.workload.start(alpha, workloadOf('api'), step(1), context);

export const worldProofs: Readonly<Record<number, Proof>> = {
  1: async () => expect(await someLife(worldOf())).toEqual(await someLife(worldOf())),
  2: async () => {
    const at = Date.UTC(1999, 11, 31);
    const life = JSON.stringify(await someLife(worldOf({ now: () => at })));
    const instants = life.match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g) ?? [];
    expect(instants.length).toBeGreaterThan(5);
    expect(new Set(instants)).toEqual(new Set([new Date(at).toISOString()]));
  },
  3: async () => {
    const world = worldOf({ sleep: async () => Promise.reject(new Error('slept')) });
    let done = false;
    void someLife(world).then(() => (done = true));
    // Only the queue of microtasks is emptied, before any timer could have run.
    for (let turns = 0; turns < 100; turns += 1) await Promise.resolve();
    expect(done).toBe(true);
  },
  4: async () => {
    const slept: number[] = [];
    const world = worldOf({ latency: 7, sleep: async (ms) => void slept.push(ms) });
    await world.workload.inspect(alpha, group, [], quietly());
    await world.traffic.current(record, quietly());
    expect(slept).toEqual([]);
    await someLife(world);
    expect(slept).toEqual([7, 7, 7, 7, 7]);
  },
  5: async () => {
    const slept: number[] = [];
    const world = worldOf({ latency: { sync: 30, resolve: 4 }, sleep: async (ms) => void slept.push(ms) });
    await someLife(world);
    await world.traffic.resolve(record, quietly());
    expect(slept).toEqual([30, 4]);
    world.setLatency(0);
    await world.traffic.resolve(record, quietly());
    expect(slept).toEqual([30, 4]);
  },
  6: async () => {
    const slept: number[] = [];
    const world = worldOf({ latency: 1000, sleep: async (ms) => void slept.push(ms) });
    const context = watched();
    await apiStart(world, context);
    expect(slept).toEqual([200, 200, 200, 200, 200]);
    expect(context.messages.length).toBeGreaterThan(5);
    const real = worldOf({ latency: 60_000 });
    const controller = new AbortController();
    const before = structuredClone(real.state);
    const call = apiStart(real, { ...quietly(), signal: controller.signal });
    await pause(1);
    controller.abort(new Error('no longer needed'));
    await expect(call).rejects.toThrow(/aborted|no longer needed/);
    expect(real.state).toEqual(before);
  },
  7: async () => {
    let release = (): void => undefined;
    const sleep = async (): Promise<void> => new Promise((resolve) => (release = resolve));
    const world = worldOf({ latency: 5, sleep });
    const before = structuredClone(world.state);
    const call = apiStart(world);
    await pause(1);
    expect(world.state).toEqual(before);
    release();
    await call;
    expect(world.snapshot().sites['alpha']?.groups[group]?.running).toEqual({ api: 1 });
  },
  8: async () => {
    const world = worldOf();
    await someLife(world);
    expect(world.journal).toEqual([
      { method: 'claim', site: 'alpha', target: 'orders', epoch: 1, operationKey: 'a/claim' },
      { method: 'start', site: 'alpha', target: 'api', epoch: 1, operationKey: 'a/start' },
      { method: 'sync', site: 'beta', target: 'orders', epoch: 1, operationKey: 'a/sync' },
      { method: 'capture', site: 'beta', target: 'orders', epoch: 1, operationKey: 'a/capture' },
      { method: 'switch', target: 'shop.example', epoch: 2, operationKey: 'a/move' },
    ]);
    await world.workload.fence(alpha, step(1), quietly());
    const entries = world.journal.length;
    await world.workload.fence(alpha, step(1), quietly());
    await apiStart(world);
    await world.workload.stop(beta, workloadOf('api'), step(1), quietly());
    await world.workload.inspect(alpha, group, [], quietly());
    await expectFailure(world.workload.start(alpha, workloadOf('api'), step(2), quietly()), 'StartFailed');
    expect(world.journal).toHaveLength(entries);
  },
  9: async () => {
    const [one, other] = [worldOf(), worldOf({ now: tickingClock(), sites: ['beta', 'alpha'] })];
    await someLife(one);
    await other.workload.start(alpha, workloadOf('api'), step(1, 'other/start'), quietly());
    await someLife(other);
    const text = JSON.stringify(one.snapshot());
    expect(JSON.stringify(other.snapshot())).toBe(text);
    expect(text).not.toMatch(/\d{4}-\d\d-\d\d|a\/sync|Z-\d/);
    expect(text).toMatch(/crash point of epoch 1, 1 files, 8 bytes/);
  },
  10: async () => {
    const world = worldOf();
    await someLife(world);
    world.inject({ kind: 'refuses-to-stop', target: 'api' });
    const next = worldOf({ state: JSON.parse(JSON.stringify(world.state)) as MemoryWorld['state'] });
    expect(next.snapshot()).toEqual(world.snapshot());
    expect(next.journal).toEqual([]);
    await next.workload.stop(alpha, workloadOf('api'), step(1), quietly());
    expect(world.snapshot().sites['alpha']?.groups[group]?.running).toEqual({ api: 1 });
  },
  11: async () => {
    const nowhere = { ...alpha, name: 'nowhere' };
    await expectFailure(worldOf().workload.siteHealth(nowhere, quietly()), 'DriverMissing', /alpha, beta/);
  },
  12: async () => {
    const world = worldOf();
    const odd = { name: 'constructor', marker: { file: '__proto__x' } };
    const site = { ...alpha, name: 'toString' };
    await expectFailure(world.workload.siteHealth(site, quietly()), 'DriverMissing');
    const [seen] = await world.workload.inspect(alpha, 'valueOf', [workloadOf('constructor')], quietly());
    expect(seen?.status).toBe('stopped');
    const [observed] = await world.replication.observe(alpha, 'hasOwnProperty', [odd], quietly());
    expect(observed).toMatchObject({ role: 'empty', records: 0 });
  },
};
