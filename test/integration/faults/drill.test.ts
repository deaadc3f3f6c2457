import '../patience';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { CONTROL_TASK_QUEUE, protectionWorkflowId } from '../../../core/model/names';
import type { RunStatus } from '../../../core/model/run';
import type { OperationResult } from '../../../workflows/run-operation';
import type { Report } from '../../../core/report/report';
import { expectActive, expectProofs, expectServed } from './evidence';
import { FaultLab } from './fault-lab';
import { answerOfCopy, ProductionWatch } from './production-watch';
import { until } from './until';
import type { WorkerProcess } from './worker-process';

jest.setTimeout(600_000);

const ana = 'ana@example.com';

let faults: FaultLab;
let worker: WorkerProcess;
beforeAll(async () => {
  faults = await FaultLab.open();
  worker = faults.workers.start();
  await faults.client.workflow.start('protection', {
    taskQueue: CONTROL_TASK_QUEUE,
    workflowId: protectionWorkflowId(faults.lab.runbook.group),
    args: [{ runbook: faults.lab.runbook.group }],
  });
  await until('there is a replica', async () => (await faults.state()).replication.asOf['orders'] !== undefined);
  await expectServed(faults);
});
afterAll(() => faults.close());

const held = ({ waitingFor }: RunStatus): boolean => waitingFor.some(({ name }) => name === 'hold');

/** The copy is healthy and people may look at it. */
const untilHeld = (handle: WorkflowHandle): Promise<RunStatus> => faults.until(handle, 'it holds its copy', held);

const send = (handle: WorkflowHandle, name: string, message: object = {}): Promise<unknown> =>
  handle.executeUpdate(name, { args: [{ by: ana, ...message }] });

const reportOf = ({ reportFiles }: OperationResult): Report =>
  JSON.parse(readFileSync(reportFiles.find((file) => file.endsWith('.json')) ?? '', 'utf8')) as Report;

/** Ends the drill as it is told, with somebody looking at production from its start to its end. */
async function watched(drill: () => Promise<OperationResult>): Promise<OperationResult> {
  const watch = await ProductionWatch.begin(faults);
  const result = await drill();
  await watch.expectUntouched();
  await expectServed(faults);
  return result;
}

describe('a drill leaves production as it is', () => {
  test('when all goes well: the copy serves at an address of its own, and is gone afterwards', async () => {
    const result = await watched(async () => {
      const handle = await faults.start('drill', { keepSeconds: 600 });
      await untilHeld(handle);
      expect(JSON.parse((await answerOfCopy(faults, 'recovery', 'web')) ?? '{}')).toMatchObject({
        status: 'ok',
        site: 'beta',
      });
      expect((await faults.state()).drill?.workflowId).toBe(handle.workflowId);
      await send(handle, 'decide', { gate: 'hold', decision: 'done', comment: 'the orders of today are there' });
      return faults.completed(handle);
    });
    const report = reportOf(result);
    expect(report.run.operation).toBe('drill');
    expect((await faults.state()).drill).toBeUndefined();
    await expectActive(faults, 'alpha', 'Protected');
    await expectProofs(faults, 'alpha');
  });

  test('when the time of the hold is over', async () => {
    await watched(async () => faults.completed(await faults.start('drill', { keepSeconds: 1 })));
  });

  test('when a workload of the copy never gets healthy', async () => {
    const marker = path.join(faults.home, 'hang-beta-web');
    writeFileSync(marker, '');
    const result = await watched(async () => faults.ended(await faults.start('drill')));
    rmSync(marker);
    expect(result).toMatchObject({ verdict: 'rolled-back' });
    expect(result.because).toMatch(/web/);
  });

  test('when somebody who looked at the copy says that it failed', async () => {
    const result = await watched(async () => {
      const handle = await faults.start('drill', { keepSeconds: 600 });
      await untilHeld(handle);
      await send(handle, 'decide', { gate: 'hold', decision: 'failed', comment: 'prices are missing' });
      return faults.ended(handle);
    });
    expect(result).toMatchObject({ verdict: 'rolled-back' });
    expect(result.because).toMatch(/prices are missing/);
  });

  test('when the workflow is asked to cancel', async () => {
    const result = await watched(async () => {
      const handle = await faults.start('drill', { keepSeconds: 600 });
      await untilHeld(handle);
      await handle.cancel();
      return faults.ended(handle);
    });
    expect(result).toMatchObject({ verdict: 'rolled-back' });
  });

  test.each([
    'activity:prepare-drill/@beta:after',
    'activity:copy-for-drill/orders@beta:before',
    'activity:start-workload/api@beta:after',
    'activity:remove-drill/@beta:after',
  ])('when the worker is killed at %s', async (failpoint) => {
    await worker.stop();
    worker = faults.workers.start({ failpoints: [failpoint] });
    await watched(async () => {
      const handle = await faults.start('drill');
      await worker.ended;
      worker = faults.workers.start();
      return faults.completed(handle);
    });
  });

  test('when the Temporal server crashes while the copy is held', async () => {
    await watched(async () => {
      const handle = await faults.start('drill', { keepSeconds: 600 });
      await untilHeld(handle);
      await faults.crashServer();
      await until('the run takes messages again', () =>
        send(handle, 'decide', { gate: 'hold', decision: 'done' }).then(
          () => true,
          () => false,
        ),
      );
      return faults.completed(handle);
    });
  });

  test('when it is aborted, only its copy is left, and the next drill removes that', async () => {
    const watch = await ProductionWatch.begin(faults);
    const handle = await faults.start('drill', { keepSeconds: 600 });
    await untilHeld(handle);
    await send(handle, 'abort', { reason: 'the copy is to be looked into' });
    expect(await faults.ended(handle)).toMatchObject({ verdict: 'aborted' });
    expect(await answerOfCopy(faults, 'recovery', 'ledger')).toBeDefined();
    expect((await faults.state()).drillLeft).toMatchObject({ workflowId: handle.workflowId });
    await faults.complete('drill');
    expect((await faults.state()).drillLeft).toBeUndefined();
    await watch.expectUntouched();
  });

  test('when it was terminated by hand, only its copy is left, and the next drill removes that', async () => {
    const watch = await ProductionWatch.begin(faults);
    const handle = await faults.start('drill', { keepSeconds: 600 });
    await untilHeld(handle);
    await handle.terminate('by hand');
    await faults.complete('drill');
    expect((await faults.state()).drillLeft).toBeUndefined();
    await watch.expectUntouched();
  });
});

test('a failover goes before a drill: the drill makes way, and holds nothing up', async () => {
  const drill = await faults.start('drill', { keepSeconds: 600 });
  await untilHeld(drill);
  await faults.complete('failover');
  const result = await faults.ended(drill);
  expect(result).toMatchObject({ verdict: 'rolled-back' });
  expect(result.because).toMatch(/goes before a drill/);
  await expectServed(faults);
  await expectActive(faults, 'beta', 'FailedOver');
  await expectProofs(faults, 'beta');
  await expect((await faults.start('drill')).result()).rejects.toMatchObject({ cause: { type: 'WrongState' } });
});

test('of a group that has moved, a drill rehearses the way back', async () => {
  await faults.complete('reprotect');
  const result = await watched(async () => {
    const handle = await faults.start('drill', { keepSeconds: 600 });
    await untilHeld(handle);
    expect(JSON.parse((await answerOfCopy(faults, 'primary', 'web')) ?? '{}')).toMatchObject({
      status: 'ok',
      site: 'alpha',
    });
    await send(handle, 'decide', { gate: 'hold', decision: 'done' });
    return faults.completed(handle);
  });
  expect(reportOf(result).run.operation).toBe('drill');
  await expectActive(faults, 'beta', 'ReverseProtected');
});
