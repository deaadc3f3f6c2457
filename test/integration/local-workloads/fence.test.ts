import { appendFileSync, readFileSync, truncateSync } from 'node:fs';
import { isolateSite, reconnectSite } from '../../../drivers/local/lab/disaster';
import { assertNotFenced, SiteFolder } from '../../../drivers/local/site-folder';
import { isAlive, readProcessTable, type ProcessRow } from '../../../drivers/local/workloads/process-table';
import { context, createLab, group, mutation, paris, until, type Lab } from './lab';

let lab: Lab;
let folder: SiteFolder;
beforeEach(() => {
  lab = createLab();
  folder = new SiteFolder(lab.folder, paris);
});
afterEach(async () => lab.remove());

test('without a fence every epoch may write', async () => {
  expect(await lab.driver.fencing(paris, group, context)).toMatchObject({ fencing: 'unfenced', epoch: 0 });
  await expect(assertNotFenced(folder, group, 0)).resolves.toBeUndefined();
});

test('a fence keeps lower epochs out and lets its own in; unfencing keeps lower epochs out', async () => {
  expect(await lab.driver.fence(paris, mutation(5), context)).toMatchObject({ fencing: 'fenced', epoch: 5 });
  expect(await lab.driver.unfence(paris, mutation(6), context)).toMatchObject({ fencing: 'unfenced', epoch: 6 });
  expect(await lab.driver.fencing(paris, group, context)).toMatchObject({ fencing: 'unfenced', epoch: 6 });
  await expect(assertNotFenced(folder, group, 5)).rejects.toMatchObject({ code: 'Fenced' });
  await expect(assertNotFenced(folder, group, 6)).resolves.toBeUndefined();
});

test.each(['fence', 'unfence'] as const)('%s of a lower epoch is Fenced and changes nothing', async (method) => {
  await lab.driver.fence(paris, mutation(5), context);
  const before = readFileSync(folder.fenceFile(group), 'utf8');
  await expect(lab.driver[method](paris, mutation(4), context)).rejects.toMatchObject({ code: 'Fenced' });
  expect(readFileSync(folder.fenceFile(group), 'utf8')).toBe(before);
});

test('the same call again changes nothing', async () => {
  const first = await lab.driver.fence(paris, mutation(5), context);
  const before = readFileSync(folder.fenceFile(group), 'utf8');
  expect(await lab.driver.fence(paris, mutation(5), context)).toEqual(first);
  expect(readFileSync(folder.fenceFile(group), 'utf8')).toBe(before);
});

test('many writers at a time end with the highest epoch, and no reader ever sees it fall', async () => {
  let writing = true;
  const seen: number[] = [];
  const reader = (async () => {
    while (writing) seen.push((await lab.driver.fencing(paris, group, context)).epoch ?? -1);
  })();
  const writers = Array.from({ length: 12 }, async (_, index) =>
    lab.driver.fence(paris, mutation(1 + ((index * 7) % 12)), context).catch((error: { code: string }) => error.code),
  );
  const outcomes = await Promise.all(writers);
  writing = false;
  await reader;
  expect(outcomes.filter((outcome) => typeof outcome === 'string' && outcome !== 'Fenced')).toEqual([]);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(await lab.driver.fencing(paris, group, context)).toMatchObject({ epoch: 12 });
});

test('a record torn by a crash is no record, and the next one counts', async () => {
  await lab.driver.fence(paris, mutation(5), context);
  await lab.driver.fence(paris, mutation(6), context);
  truncateSync(folder.fenceFile(group), readFileSync(folder.fenceFile(group)).length - 20);
  expect(await lab.driver.fencing(paris, group, context)).toMatchObject({ epoch: 5 });
  await lab.driver.fence(paris, mutation(7), context);
  expect(await lab.driver.fencing(paris, group, context)).toMatchObject({ epoch: 7 });
});

test('a fence that cannot be read is unconfirmed and lets nothing start', async () => {
  appendFileSync(
    (await lab.driver.fence(paris, mutation(5), context)) && folder.fenceFile(group),
    '{"seq":9,"epoch":9}\n',
  );
  expect(await lab.driver.fencing(paris, group, context)).toMatchObject({ fencing: 'unconfirmed' });
  const spec = await lab.workload('serve.js');
  const start = lab.driver.start(paris, spec, mutation(9), context);
  await expect(start).rejects.toMatchObject({ code: 'FenceUnconfirmed' });
});

test('the fence of a site that does not answer is unconfirmed', async () => {
  await lab.driver.fence(paris, mutation(5), context);
  await isolateSite(lab.folder, paris);
  const state = await lab.driver.fencing(paris, group, context);
  expect(state).toMatchObject({ fencing: 'unconfirmed' });
  expect(state).not.toHaveProperty('epoch');
});

async function runningProcess(script: 'serve.js' | 'busy.js'): Promise<ProcessRow> {
  const spec = await lab.workload(script);
  await lab.driver.start(paris, spec, mutation(5), context);
  const [seen] = await lab.driver.inspect(paris, group, [spec], context);
  const row = readProcessTable().find(Number(/pid (\d+)/.exec(seen?.saw ?? '')?.[1]));
  if (row === undefined) throw new Error('the workload does not run');
  return row;
}

test('a suspended process of a lower epoch is ended before fence returns; one of the same epoch is not', async () => {
  const process_ = await runningProcess('serve.js');
  process.kill(process_.pid, 'SIGSTOP');
  await until(() => readProcessTable().find(process_.pid)?.suspended === true);
  await lab.driver.fence(paris, mutation(5), context);
  expect(isAlive(readProcessTable(), process_)).toBe(true);
  await lab.driver.fence(paris, mutation(6), context);
  expect(isAlive(readProcessTable(), process_)).toBe(false);
});

test('a process of a lower epoch that waits for work is left running', async () => {
  const waiting = await runningProcess('serve.js');
  await lab.driver.fence(paris, mutation(6), context);
  expect(isAlive(readProcessTable(), waiting)).toBe(true);
});

test('a process of a lower epoch that is always busy is ended before fence returns', async () => {
  const busy = await runningProcess('busy.js');
  await lab.driver.fence(paris, mutation(6), context);
  expect(isAlive(readProcessTable(), busy)).toBe(false);
});

describe('a site that comes back after it was cut off', () => {
  beforeEach(async () => {
    await lab.driver.unfence(paris, mutation(5), context);
    await isolateSite(lab.folder, paris);
    await reconnectSite(lab.folder, paris);
  });

  test('is quarantined: nothing starts, whatever its epoch', async () => {
    expect(await lab.driver.fencing(paris, group, context)).toMatchObject({
      fencing: 'fenced',
      saw: expect.stringContaining('quarantined'),
    });
    const spec = await lab.workload('serve.js');
    await expect(lab.driver.start(paris, spec, mutation(9), context)).rejects.toMatchObject({ code: 'Fenced' });
  });

  test('lets workloads be stopped', async () => {
    const spec = await lab.workload('serve.js');
    expect(await lab.driver.stop(paris, spec, mutation(5), context)).toMatchObject({ status: 'stopped' });
  });

  test.each([
    ['fence', 5],
    ['unfence', 5],
    ['fence', 6],
    ['unfence', 6],
  ] as const)('is released by %s of epoch %i', async (method, epoch) => {
    await lab.driver[method](paris, mutation(epoch), context);
    await expect(assertNotFenced(folder, group, epoch)).resolves.toBeUndefined();
    await expect(assertNotFenced(folder, group, epoch - 1)).rejects.toMatchObject({ code: 'Fenced' });
  });
});

test('a group that never had a fence is quarantined as well when its site comes back', async () => {
  const spec = await lab.workload('serve.js');
  await lab.driver.start(paris, spec, mutation(1), context);
  await isolateSite(lab.folder, paris);
  await reconnectSite(lab.folder, paris);
  await until(async () => (await lab.driver.fencing(paris, group, context)).saw.includes('quarantined'));
});
