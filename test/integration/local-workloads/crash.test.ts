import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { build } from 'esbuild';
import { SiteFolder } from '../../../drivers/local/site-folder';
import type { Failpoint } from '../../../drivers/local/workloads/failpoint';
import { findProcesses, type Sighting } from '../../../drivers/local/workloads/instance';
import { isAlive, readProcessTable } from '../../../drivers/local/workloads/process-table';
import type { WorkloadSpec } from '../../../core/model/workload';
import { context, createLab, group, mutation, paris, until, type Lab } from './lab';

let lab: Lab;
beforeEach(() => (lab = createLab()));
afterEach(async () => lab.remove());

function processes(): readonly Sighting[] {
  const place = { folder: new SiteFolder(lab.folder, paris), group, workload: 'ledger' };
  return findProcesses(place, [], readProcessTable());
}

/** Makes one call in a process of its own, which ends as the failpoint says. Returns the child. */
async function callElsewhere(
  method: 'start' | 'stop',
  spec: WorkloadSpec,
  failpoint?: Failpoint | `${Failpoint} SIGSTOP`,
) {
  const program = path.join(lab.folder, 'one-call.cjs');
  await build({ entryPoints: [path.join(__dirname, 'one-call.ts')], outfile: program, bundle: true, platform: 'node' });
  const request = JSON.stringify({ lab: lab.folder, runbooks: lab.runbookFolder, method, spec, mutation: mutation(1) });
  const env = { PATH: process.env['PATH'], ...(failpoint === undefined ? {} : { SWITCHBACK_FAILPOINT: failpoint }) };
  return spawn(process.execPath, [program, request], { env, stdio: 'inherit' });
}

test.each<[Failpoint, number]>([
  ['start:before-record', 0],
  ['start:recorded', 0],
  ['start:spawned', 1],
  ['start:running', 1],
])('a worker killed at %s leaves %i processes, and the retry ends with exactly one', async (failpoint, left) => {
  const spec = await lab.workload('slow.js');
  const [, signal] = (await once(await callElsewhere('start', spec, failpoint), 'exit')) as [number, string];
  expect(signal).toBe('SIGKILL');
  const before = processes();
  expect(before).toHaveLength(left);
  expect(await lab.driver.start(paris, spec, mutation(1), context)).toMatchObject({ status: 'running', epoch: 1 });
  const after = processes();
  expect(after).toHaveLength(1);
  if (left === 1) expect(after[0]?.pid).toBe(before[0]?.pid);
});

test.each<[Failpoint]>([['start:recorded'], ['start:spawned'], ['start:running']])(
  'a stop after a worker was killed at %s leaves nothing behind',
  async (failpoint) => {
    const spec = await lab.workload('slow.js');
    await once(await callElsewhere('start', spec, failpoint), 'exit');
    expect(await lab.driver.stop(paris, spec, mutation(1, 'run/stop'), context)).toMatchObject({ status: 'stopped' });
    expect(processes()).toHaveLength(0);
  },
);

test('a process whose record was never written is running for inspect, not stopped', async () => {
  const spec = await lab.workload('slow.js');
  await once(await callElsewhere('start', spec, 'start:spawned'), 'exit');
  const [seen] = await lab.driver.inspect(paris, group, [spec], context);
  expect(seen).toMatchObject({
    status: 'running',
    epoch: 1,
    saw: expect.stringContaining(`pid ${processes()[0]?.pid}`),
  });
});

test.each<[Failpoint]>([['stop:recorded'], ['stop:asked'], ['stop:gone']])(
  'a worker killed at %s: the retry of the stop proves it stopped',
  async (failpoint) => {
    const spec = await lab.workload('stubborn.js', { stopGraceSeconds: 0.2 });
    await lab.driver.start(paris, spec, mutation(1), context);
    await once(await callElsewhere('stop', spec, failpoint), 'exit');
    expect(await lab.driver.stop(paris, spec, mutation(1), context)).toMatchObject({ status: 'stopped' });
    expect(processes()).toHaveLength(0);
    expect(await lab.driver.start(paris, spec, mutation(2), context)).toMatchObject({ status: 'running', epoch: 2 });
  },
);

test('the workload outlives the worker that started it', async () => {
  const spec = await lab.workload('serve.js');
  await once(await callElsewhere('start', spec), 'exit');
  expect(await lab.driver.inspect(paris, group, [spec], context)).toMatchObject([{ status: 'running' }]);
});

/** A worker that has been suspended at that place of its start. */
async function suspendedAt(spec: WorkloadSpec, place: Failpoint): Promise<ChildProcess> {
  const worker = await callElsewhere('start', spec, `${place} SIGSTOP`);
  await until(() => readProcessTable().find(worker.pid ?? 0)?.suspended === true);
  return worker;
}

async function continued(worker: ChildProcess): Promise<void> {
  const ended = once(worker, 'exit');
  worker.kill('SIGCONT');
  await ended;
}

test.each<Failpoint>(['start:before-record', 'start:recorded', 'start:spawned', 'start:running'])(
  'a worker suspended at %s is taken over, and leaves no second process when it is continued',
  async (place) => {
    const spec = await lab.workload('serve.js');
    const worker = await suspendedAt(spec, place);
    expect(await lab.driver.start(paris, spec, mutation(1), context)).toMatchObject({ status: 'running' });
    const [winner] = processes();
    await continued(worker);
    expect(processes()).toMatchObject([{ pid: winner?.pid }]);
  },
);

test.each<Failpoint>(['start:recorded', 'start:spawned', 'start:running'])(
  'a worker suspended at %s brings nothing back after a stop',
  async (place) => {
    const spec = await lab.workload('serve.js');
    const worker = await suspendedAt(spec, place);
    expect(await lab.driver.stop(paris, spec, mutation(1, 'run/stop'), context)).toMatchObject({ status: 'stopped' });
    await continued(worker);
    expect(processes()).toHaveLength(0);
  },
);

test('a worker suspended before it recorded its start is refused when the fence was raised meanwhile', async () => {
  const spec = await lab.workload('serve.js');
  const worker = await suspendedAt(spec, 'start:before-record');
  await lab.driver.fence(paris, mutation(2), context);
  await continued(worker);
  expect(processes()).toHaveLength(0);
});

test('two workers that start the same workload again and again never leave two processes', async () => {
  const spec = await lab.workload('serve.js');
  for (let round = 0; round < 3; round += 1) {
    const workers = [await callElsewhere('start', spec), await callElsewhere('start', spec)];
    const exits = await Promise.all(workers.map(async (worker) => once(worker, 'exit')));
    expect(exits).toEqual([
      [0, null],
      [0, null],
    ]);
    const [only, second] = processes();
    expect(second).toBeUndefined();
    if (only === undefined) throw new Error('nothing runs');
    process.kill(only.pid, 'SIGKILL');
    await until(() => !isAlive(readProcessTable(), only));
  }
});
