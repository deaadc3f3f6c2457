import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { isolateSite, killSiteProcesses } from '../../../drivers/local/lab/disaster';
import {
  findProcesses,
  instanceJournalFile,
  newMark,
  readInstances,
  type Sighting,
} from '../../../drivers/local/workloads/instance';
import { ownIdentity, readProcessTable } from '../../../drivers/local/workloads/process-table';
import { SiteFolder } from '../../../drivers/local/site-folder';
import { berlin, context, createLab, freePort, group, mutation, paris, until, type Lab } from './lab';

let lab: Lab;
beforeEach(() => (lab = createLab()));
afterEach(async () => lab.remove());

async function processesOf(workload: string): Promise<readonly Sighting[]> {
  const place = { folder: new SiteFolder(lab.folder, paris), group, workload };
  return findProcesses(place, (await readInstances(place)).entries, readProcessTable());
}

describe('start', () => {
  test('a started workload runs, with the epoch of the mutation, and is seen by inspect', async () => {
    const spec = await lab.workload('serve.js');
    const started = await lab.driver.start(paris, spec, mutation(3), context);
    expect(started).toMatchObject({ workload: 'ledger', site: 'paris', status: 'running', epoch: 3, replicas: 1 });
    expect(started.saw).toMatch(/^pid \d+ \(started \d\d:\d\d:\d\d\) answers on 127\.0\.1\.1:\d+$/);
    const [seen] = await lab.driver.inspect(paris, group, [spec], context);
    expect(seen).toEqual(started);
  });

  test('starting what runs with the same epoch changes nothing', async () => {
    const spec = await lab.workload('serve.js');
    const first = await lab.driver.start(paris, spec, mutation(1), context);
    expect(await lab.driver.start(paris, spec, mutation(1), context)).toEqual(first);
    expect(await lab.driver.start(paris, spec, mutation(1, 'another-run/step'), context)).toEqual(first);
    expect(await processesOf('ledger')).toHaveLength(1);
  });

  test('eight attempts at a time end with one process', async () => {
    const spec = await lab.workload('serve.js');
    const attempts = Array.from({ length: 8 }, async () => lab.driver.start(paris, spec, mutation(1), context));
    const seen = await Promise.all(attempts);
    expect(new Set(seen.map((observation) => observation.saw)).size).toBe(1);
    expect(await processesOf('ledger')).toHaveLength(1);
  });

  test('an instance of a lower epoch is refused with StartFailed, one of a higher epoch with StaleEpoch', async () => {
    const spec = await lab.workload('serve.js');
    await lab.driver.start(paris, spec, mutation(4), context);
    await expect(lab.driver.start(paris, spec, mutation(5), context)).rejects.toMatchObject({ code: 'StartFailed' });
    await expect(lab.driver.start(paris, spec, mutation(3), context)).rejects.toMatchObject({ code: 'StaleEpoch' });
    expect(await processesOf('ledger')).toMatchObject([{ epoch: 4 }]);
  });

  test('an epoch lower than the fence is refused with Fenced, and nothing runs', async () => {
    const spec = await lab.workload('serve.js');
    await lab.driver.fence(paris, mutation(7), context);
    await expect(lab.driver.start(paris, spec, mutation(6), context)).rejects.toMatchObject({ code: 'Fenced' });
    expect(await processesOf('ledger')).toHaveLength(0);
  });

  test('a workload that ends at once throws StartFailed with the last lines of its log', async () => {
    const spec = await lab.workload('quitter.js');
    const start = lab.driver.start(paris, spec, mutation(1), context);
    await expect(start).rejects.toMatchObject({
      code: 'StartFailed',
      message: expect.stringMatching(/no such database$/),
    });
    expect(await lab.driver.inspect(paris, group, [spec], context)).toMatchObject([{ status: 'stopped' }]);
  });

  test('a program that does not exist throws StartFailed that names it', async () => {
    const spec = await lab.workload('serve.js', {
      local: { command: ['no-such-program'], port: await freePort(), env: {} },
    });
    const start = lab.driver.start(paris, spec, mutation(1), context);
    await expect(start).rejects.toMatchObject({
      code: 'StartFailed',
      message: expect.stringContaining('no-such-program'),
    });
  });

  test('a port that a stranger holds is named, and nothing is started', async () => {
    const spec = await lab.workload('serve.js');
    const stranger = net.createServer().listen(spec.local?.port, paris.address);
    const start = lab.driver.start(paris, spec, mutation(1), context);
    await expect(start).rejects.toMatchObject({ code: 'StartFailed', message: expect.stringContaining('is open') });
    stranger.close();
    expect(await processesOf('ledger')).toHaveLength(0);
  });

  test('a late attempt of a start that was stopped since does not bring the workload back', async () => {
    const spec = await lab.workload('serve.js');
    await lab.driver.start(paris, spec, mutation(1, 'run/start'), context);
    await lab.driver.stop(paris, spec, mutation(1, 'run/undo'), context);
    const late = lab.driver.start(paris, spec, mutation(1, 'run/start'), context);
    await expect(late).rejects.toMatchObject({ code: 'StaleAttempt' });
    expect(await processesOf('ledger')).toHaveLength(0);
    await lab.driver.start(paris, spec, mutation(1, 'run/again'), context);
    expect(await processesOf('ledger')).toHaveLength(1);
  });

  test('a workload that died is started again by the same operation key', async () => {
    const spec = await lab.workload('serve.js');
    await lab.driver.start(paris, spec, mutation(1), context);
    await killSiteProcesses(lab.folder, paris);
    expect(await lab.driver.start(paris, spec, mutation(1), context)).toMatchObject({ status: 'running' });
  });

  test('the process gets the variables of its site, its volume folder, and nothing of the worker', async () => {
    process.env['SECRET_OF_THE_WORKER'] = 'hunter2';
    const port = await freePort();
    const local = { command: ['node', 'tell.js'], port, env: { GREETING: 'hello', SWITCHBACK_FENCE_FILE: '/nowhere' } };
    const spec = await lab.workload('tell.js', { volumes: ['order-log'], local });
    await lab.driver.start(paris, spec, mutation(9), context);
    delete process.env['SECRET_OF_THE_WORKER'];
    const folder = new SiteFolder(lab.folder, paris);
    const data = folder.volumeData(group, 'order-log');
    const env = JSON.parse(readFileSync(path.join(data, 'env.json'), 'utf8')) as Record<string, string>;
    expect(env).toMatchObject({
      GREETING: 'hello',
      SWITCHBACK_GROUP: group,
      SWITCHBACK_SITE: 'paris',
      SWITCHBACK_ADDRESS: '127.0.1.1',
      SWITCHBACK_PORT: String(port),
      SWITCHBACK_EPOCH: '9',
      SWITCHBACK_FENCE_FILE: folder.fenceFile(group),
      SWITCHBACK_ISOLATED_MARKER: folder.isolatedMarker,
      SWITCHBACK_VOLUME_ORDER_LOG: data,
    });
    const own = Object.keys(env).filter((name) => !name.startsWith('SWITCHBACK_') && name !== 'GREETING');
    expect(['PATH', 'HOME', 'LANG']).toEqual(expect.arrayContaining(own));
  });

  test('cancelling ends a start soon, and the same call can be made again', async () => {
    const spec = await lab.workload('slow.js');
    const cancel = new AbortController();
    const start = lab.driver.start(paris, spec, mutation(1), { ...context, signal: cancel.signal });
    await until(async () => (await processesOf('ledger')).length === 1);
    cancel.abort();
    await expect(start).rejects.toMatchObject({ name: 'AbortError' });
    expect(await lab.driver.start(paris, spec, mutation(1), context)).toMatchObject({ status: 'running' });
    expect(await processesOf('ledger')).toHaveLength(1);
  });
});

describe('stop', () => {
  test('a stopped workload has no process and a closed port; stopping it again succeeds', async () => {
    const spec = await lab.workload('serve.js');
    await lab.driver.start(paris, spec, mutation(1), context);
    const stopped = await lab.driver.stop(paris, spec, mutation(1), context);
    expect(stopped).toMatchObject({ status: 'stopped', replicas: 0 });
    expect(await processesOf('ledger')).toHaveLength(0);
    expect(await lab.driver.stop(paris, spec, mutation(1), context)).toEqual(stopped);
    expect(await lab.driver.inspect(paris, group, [spec], context)).toEqual([stopped]);
  });

  test('stopping what was never started succeeds', async () => {
    const spec = await lab.workload('serve.js');
    expect(await lab.driver.stop(paris, spec, mutation(1), context)).toMatchObject({ status: 'stopped' });
  });

  test('a workload that ignores the request is ended by force after its grace time', async () => {
    const spec = await lab.workload('stubborn.js', { stopGraceSeconds: 0.3 });
    await lab.driver.start(paris, spec, mutation(1), context);
    const since = performance.now();
    expect(await lab.driver.stop(paris, spec, mutation(1), context)).toMatchObject({ status: 'stopped' });
    expect(performance.now() - since).toBeGreaterThan(290);
  });

  test('a suspended workload is ended by force without waiting for the whole grace time', async () => {
    const spec = await lab.workload('stubborn.js', { stopGraceSeconds: 60 });
    await lab.driver.start(paris, spec, mutation(1), context);
    const [found] = await processesOf('ledger');
    process.kill(found?.pid ?? 0, 'SIGSTOP');
    const since = performance.now();
    expect(await lab.driver.stop(paris, spec, mutation(1), context)).toMatchObject({ status: 'stopped' });
    expect(performance.now() - since).toBeLessThan(30_000);
  });

  test('processes that the workload has started itself are stopped with it', async () => {
    const spec = await lab.workload('family.js', { stopGraceSeconds: 0.2 });
    await lab.driver.start(paris, spec, mutation(1), context);
    expect(await processesOf('ledger')).toHaveLength(2);
    await lab.driver.stop(paris, spec, mutation(1), context);
    expect(await processesOf('ledger')).toHaveLength(0);
  });

  test('an instance of a higher epoch is left alone and answers StaleEpoch', async () => {
    const spec = await lab.workload('serve.js');
    await lab.driver.start(paris, spec, mutation(5), context);
    await expect(lab.driver.stop(paris, spec, mutation(4), context)).rejects.toMatchObject({ code: 'StaleEpoch' });
    expect(await processesOf('ledger')).toHaveLength(1);
    expect(await lab.driver.stop(paris, spec, mutation(6), context)).toMatchObject({ status: 'stopped' });
  });

  test('a port that stays open is StopFailed with what was seen', async () => {
    const spec = await lab.workload('serve.js');
    const stranger = net.createServer().listen(spec.local?.port, paris.address);
    const stop = lab.driver.stop(paris, spec, mutation(1), context);
    await expect(stop).rejects.toMatchObject({ code: 'StopFailed', message: expect.stringContaining('is open') });
    stranger.close();
  });

  test('a start that comes while the workload is being ended makes the stop look again', async () => {
    const spec = await lab.workload('stubborn.js', { stopGraceSeconds: 0.2 });
    await lab.driver.start(paris, spec, mutation(1, 'run/start'), context);
    const place = { folder: new SiteFolder(lab.folder, paris), group, workload: spec.name };
    let appended = false;
    const progress = (): void => {
      if (appended) return;
      appended = true;
      const entry = {
        kind: 'starting',
        mark: newMark(place, 1),
        starter: ownIdentity(),
        epoch: 1,
        operationKey: 'run/late',
      };
      const seq = readFileSync(instanceJournalFile(place), 'utf8').trim().split('\n').length + 1;
      appendFileSync(
        instanceJournalFile(place),
        `${JSON.stringify({ ...entry, at: new Date().toISOString(), seq })}\n`,
      );
    };
    await lab.driver.stop(paris, spec, mutation(1, 'run/stop'), { ...context, progress });
    const kinds = (await readInstances(place)).entries.map((entry) => entry.kind);
    expect(kinds).toEqual(['starting', 'running', 'stopping', 'starting', 'stopping', 'stopped']);
  });

  test('after a stop during a start nothing runs, whichever of the two answers first', async () => {
    const spec = await lab.workload('slow.js');
    const start = lab.driver.start(paris, spec, mutation(1, 'run/start'), context).catch(String);
    await until(async () => (await processesOf('ledger')).length === 1);
    await lab.driver.stop(paris, spec, mutation(1, 'run/stop'), context);
    await start;
    expect(await processesOf('ledger')).toHaveLength(0);
  });
});

test('what is left of a workload whose main process died is unknown, cannot be started over, and can be stopped', async () => {
  const spec = await lab.workload('family.js', { stopGraceSeconds: 0.2 });
  await lab.driver.start(paris, spec, mutation(1), context);
  const main = (await processesOf('ledger')).find((process) => process.pid === process.processGroup);
  process.kill(main?.pid ?? 0, 'SIGKILL');
  await until(async () => (await processesOf('ledger')).length === 1);
  expect(await lab.driver.inspect(paris, group, [spec], context)).toMatchObject([{ status: 'unknown' }]);
  await expect(lab.driver.start(paris, spec, mutation(1), context)).rejects.toMatchObject({ code: 'StartFailed' });
  expect(await lab.driver.stop(paris, spec, mutation(1), context)).toMatchObject({ status: 'stopped' });
  expect(await lab.driver.start(paris, spec, mutation(1, 'run/again'), context)).toMatchObject({ status: 'running' });
});

describe('inspect', () => {
  test('a workload that was never started is stopped', async () => {
    const spec = await lab.workload('serve.js');
    const [seen] = await lab.driver.inspect(berlin, group, [spec], context);
    expect(seen).toMatchObject({ site: 'berlin', status: 'stopped', replicas: 0 });
  });

  test('an open port without a known process is unknown, never stopped', async () => {
    const spec = await lab.workload('serve.js');
    const stranger = net.createServer().listen(spec.local?.port, paris.address);
    const [seen] = await lab.driver.inspect(paris, group, [spec], context);
    stranger.close();
    expect(seen).toMatchObject({ status: 'unknown', replicas: 0, saw: expect.stringContaining('is open') });
  });

  test('a workload whose record is damaged is unknown', async () => {
    const spec = await lab.workload('serve.js');
    await lab.driver.start(paris, spec, mutation(1), context);
    const file = path.join(new SiteFolder(lab.folder, paris).workloadFolder(group, 'ledger'), 'instances.json');
    const intact = readFileSync(file, 'utf8');
    writeFileSync(file, intact.replace(/^.*\n/, 'garbage\n'));
    const [seen] = await lab.driver.inspect(paris, group, [spec], context);
    writeFileSync(file, intact);
    expect(seen).toMatchObject({ status: 'unknown', saw: expect.stringContaining('cannot be read') });
  });

  test('answers are in the order asked, for a hundred workloads', async () => {
    const spec = await lab.workload('serve.js');
    await lab.driver.start(paris, spec, mutation(1), context);
    const others = Array.from({ length: 99 }, (_, index) => ({ ...spec, name: `other-${index}` }));
    const port = await freePort();
    const specs = [...others.map((other) => ({ ...other, local: { command: ['node'], port, env: {} } })), spec];
    const seen = await lab.driver.inspect(paris, group, specs, context);
    expect(seen.map((observation) => observation.workload)).toEqual(specs.map((one) => one.name));
    expect(seen.map((observation) => observation.status)).toEqual([...others.map(() => 'stopped'), 'running']);
  });
});

test.each(['inspect', 'start', 'stop', 'fence', 'unfence'] as const)(
  '%s: a cut-off site is SiteUnreachable',
  async (method) => {
    const spec = await lab.workload('serve.js');
    await isolateSite(lab.folder, paris);
    const calls = {
      inspect: async () => lab.driver.inspect(paris, group, [spec], context),
      start: async () => lab.driver.start(paris, spec, mutation(1), context),
      stop: async () => lab.driver.stop(paris, spec, mutation(1), context),
      fence: async () => lab.driver.fence(paris, mutation(1), context),
      unfence: async () => lab.driver.unfence(paris, mutation(1), context),
    };
    await expect(calls[method]()).rejects.toMatchObject({ code: 'SiteUnreachable' });
  },
);
