import '../patience';
import { randomUUID } from 'node:crypto';
import { WorkflowFailedError } from '@temporalio/client';
import { type ApplicationFailure } from '@temporalio/common';
import { CONTROL_TASK_QUEUE } from '../../../core/model/names';
import { startMemoryLab, type MemoryLab } from './memory-lab';
import { tinyRunbook } from './tiny-runbook';

let lab: MemoryLab;
beforeAll(async () => {
  const window = '[{ window: { name: night, duration: 1h, timeZone: Europe/Berlin } }]';
  const approval = '[{ approval: { name: go, prompt: Go? } }]';
  const operations = `{ reprotect: { gates: ${window} }, failover: { gates: ${approval} } }`;
  lab = await startMemoryLab(tinyRunbook({ operations }));
});
afterAll(() => lab.tearDown());

/** How a run of that input ends, at once and by itself. */
async function refusalOf(operation: string, input: unknown): Promise<ApplicationFailure> {
  const workflowId = `refused/${randomUUID()}`;
  const args = input === undefined ? [] : [input];
  const handle = await lab.client.workflow.start(operation, { taskQueue: CONTROL_TASK_QUEUE, workflowId, args });
  const error: unknown = await handle.result().catch((thrown: unknown) => thrown);
  if (!(error instanceof WorkflowFailedError)) throw new Error(`it did not fail: ${JSON.stringify(error)}`);
  return error.cause as ApplicationFailure;
}

describe('a run that cannot be', () => {
  test.each([
    ['no input', undefined],
    ['a string', 'tiny'],
    ['null', null],
    ['a list', [{ runbook: 'tiny' }]],
    ['no runbook', {}],
    ['an unknown field', { runbook: 'tiny', bogus: 1 }],
    ['a field of a wrong type', { runbook: 7 }],
    ['an unknown mode', { runbook: 'tiny', mode: 'sideways' }],
    ['a prototype in the input', JSON.parse('{"runbook":"tiny","__proto__":{"mode":"planned"},"x":1}')],
  ])('ends with InvalidInput, naming what is wrong: %s', async (_title, input) => {
    const failure = await refusalOf('failover', input);
    expect(failure.type).toBe('InvalidInput');
    expect(failure.message).toContain('{"runbook":"shop"}');
  });

  test('of an unknown runbook ends with UnknownRunbook, naming those that are there', async () => {
    const failure = await refusalOf('failover', { runbook: 'nothing' });
    expect(failure).toMatchObject({ type: 'UnknownRunbook', message: expect.stringContaining('there: tiny') });
  });

  test.each(['../etc/passwd', 'tiny.yaml', '', 'a'.repeat(5000)])(
    'of a runbook named %j ends by name',
    async (runbook) => {
      expect(['UnknownRunbook', 'InvalidInput']).toContain((await refusalOf('failover', { runbook })).type);
    },
  );

  test.each(['failback', 'reprotect'])(
    'in the wrong state ends with WrongState and what is possible: %s',
    async (operation) => {
      const failure = await refusalOf(operation, { runbook: 'tiny' });
      expect(failure).toMatchObject({ type: 'WrongState', message: expect.stringContaining('Possible now: failover') });
    },
  );

  test('that expects another plan ends with PlanChanged and leaves the group free', async () => {
    const failure = await refusalOf('failover', { runbook: 'tiny', expectPlan: 'somethingelse' });
    expect(failure.type).toBe('PlanChanged');
    expect(await lab.state()).toMatchObject({ phase: 'Protected' });
    expect((await lab.state()).holder).toBeUndefined();
  });

  test('whose prechecks fail ends with PrecheckFailed, says what to do, and changes nothing', async () => {
    const before = lab.world.snapshot();
    lab.world.disasters.isolate('south');
    const failure = await refusalOf('failover', { runbook: 'tiny' });
    lab.world.disasters.reconnect('south');
    await lab.world.workload.fence(
      lab.runbook.sites.recovery,
      { group: 'tiny', operationKey: 'heal', epoch: 1 },
      {
        signal: new AbortController().signal,
        progress: () => undefined,
      },
    );
    expect(failure).toMatchObject({
      type: 'PrecheckFailed',
      message: expect.stringContaining('StandbySiteHealthy (south)'),
    });
    expect(lab.world.snapshot().records).toEqual(before.records);
    expect(await lab.state()).toMatchObject({ phase: 'Protected', activeSite: 'primary' });
  });

  test('with a message of any shape before, during and after it stays as it is', async () => {
    const handle = await lab.start('failover');
    await lab.until(handle, (status) => status.waitingFor.some(({ name }) => name === 'go'));
    for (const payload of [undefined, null, 'text', 42, [], {}, { by: '' }, { by: 'ana', decision: 'maybe' }]) {
      await handle.signal('decide', payload);
      await handle.signal('retry', payload);
      await expect(handle.executeUpdate('rollback', { args: [payload] })).rejects.toThrow();
    }
    await handle.signal('decide', { by: 'ana', decision: 'approve' });
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'completed' });
    expect(await lab.status(handle)).toMatchObject({ verdict: 'completed', lastRefusal: expect.any(String) });
  });

  test('with a message of any shape under the names that its own parts use stays as it is', async () => {
    const before = await lab.state();
    const handle = await lab.start('reprotect', { runbook: 'tiny', windows: { night: { start: '2020-01-01T00:00' } } });
    for (const payload of [undefined, null, 'text', { failed: [{ id: 'x' }] }, { batch: 'b', failed: 7 }]) {
      await handle.signal('segmentNews', payload).catch(() => undefined);
    }
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'declined' });
    const group = lab.client.workflow.getHandle('protection/tiny');
    for (const update of ['acquire', 'release', 'commit', 'pauseReplication', 'resumeReplication']) {
      for (const payload of [undefined, null, 'text', [], {}, { runId: 7 }, { group: 'tiny', holder: {} }]) {
        const sent = group.executeUpdate(update, { args: [payload] });
        await expect(sent).rejects.toMatchObject({ cause: { type: 'InvalidInput' } });
      }
    }
    const { replication: _moves, runs: _grow, readiness: _looks, evidence: _keeps, ...rest } = before;
    expect(await lab.state()).toMatchObject(rest);
  });

  test.each([
    ['protection', undefined],
    ['protection', { runbook: 7 }],
    ['protection', { runbook: 'tiny', state: { group: 'tiny', phase: 'Somewhere' } }],
    ['executeSegment', { steps: [] }],
    ['executeSegment', undefined],
  ])('of a workflow that others build on ends with InvalidInput: %s %j', async (type, input) => {
    const failure = await refusalOf(type, input);
    expect(failure.type).toBe('InvalidInput');
    expect(failure.message).toMatch(/takes one JSON object like|is a part of a run/);
  });

  test('of an operation whose window has no start ends with InvalidInput that shows how to give one', async () => {
    const failure = await refusalOf('reprotect', { runbook: 'tiny' });
    expect(failure).toMatchObject({
      type: 'InvalidInput',
      message: expect.stringContaining('"windows":{"night":{"start"'),
    });
    expect(await lab.state()).toMatchObject({ phase: 'FailedOver' });
  });

  test('whose window is over ends as declined, with nothing changed', async () => {
    const before = lab.world.snapshot();
    const handle = await lab.start('reprotect', { runbook: 'tiny', windows: { night: { start: '2020-01-01T00:00' } } });
    await expect(handle.result()).resolves.toMatchObject({
      verdict: 'declined',
      because: expect.stringContaining('closed at'),
    });
    expect(lab.world.snapshot()).toEqual(before);
    expect(await lab.state()).toMatchObject({ phase: 'FailedOver' });
  });
});
