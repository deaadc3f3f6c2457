import '../patience';
import { WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import type { RunEvent } from '../../../core/model/run';
import { startMemoryLab, type MemoryLab } from './memory-lab';
import { tinyRunbook } from './tiny-runbook';

let lab: MemoryLab;
beforeEach(async () => {
  lab = await startMemoryLab(tinyRunbook());
});
afterEach(() => lab.tearDown());

const quiet = { signal: new AbortController().signal, progress: () => undefined };
const STOP = 'stop-workload/store@north';
const START = 'start-workload/front@south';
const byHand = { by: 'ana', reason: 'done at the console' };

async function failedAt(step: string): Promise<WorkflowHandle> {
  const handle = await lab.start('failover');
  await lab.until(handle, ({ waitingFor }) => waitingFor.some(({ name }) => name === step));
  return handle;
}

const refusalOf = async (update: Promise<unknown>): Promise<string> => {
  const error: unknown = await update.catch((thrown: unknown) => thrown);
  if (!(error instanceof WorkflowUpdateFailedError)) throw new Error('it was not refused');
  return error.cause?.message ?? '';
};

const eventsOf = (handle: WorkflowHandle) => handle.query<readonly RunEvent[]>('timeline');

async function stopByHand(): Promise<void> {
  lab.world.heal();
  const store = lab.runbook.workloads.find(({ name }) => name === 'store');
  if (store === undefined) throw new Error('no store');
  const mutation = { group: 'tiny', operationKey: 'by hand', epoch: 1 };
  await lab.world.workload.stop(lab.runbook.sites.primary, store, mutation, quiet);
}

describe('a failed step', () => {
  test('that guards is marked as done only when the site shows that it is; what was seen is in the report', async () => {
    lab.world.inject({ kind: 'refuses-to-stop', target: 'store', site: 'north' });
    const handle = await failedAt(STOP);
    const { waitingFor } = await lab.status(handle);
    expect(waitingFor[0]?.answers.map(({ message }) => message)).toEqual(['retry', 'markDone', 'rollback', 'abort']);
    const refusal = await refusalOf(handle.executeUpdate('markDone', { args: [byHand] }));
    expect(refusal).toBe(`step "${STOP}" is not done: store at "north" is running: one instance of epoch 1 runs`);
    await handle.signal('markDone', byHand);
    const { lastRefusal, steps } = await lab.until(handle, (status) => status.lastRefusal !== undefined);
    expect(lastRefusal).toBe(`markDone: ${refusal}`);
    expect(steps.find(({ id }) => id === STOP)?.status).toBe('failed');
    expect((await eventsOf(handle)).filter(({ kind }) => kind === 'step-marked-done')).toEqual([]);
    await stopByHand();
    await handle.executeUpdate('markDone', { args: [byHand] });
    await expect(handle.result()).resolves.toMatchObject({
      verdict: 'completed-with-issues',
      because: expect.stringContaining(STOP),
    });
    expect((await eventsOf(handle)).filter(({ kind }) => kind === 'step-marked-done')).toMatchObject([
      { step: STOP, ...byHand, verified: 'store at "north" is stopped: no instance runs' },
    ]);
  });

  test('all that failed are tried again by one message', async () => {
    lab.world.inject({ kind: 'ends-at-once', target: 'front', site: 'south' });
    const handle = await failedAt(START);
    expect(await refusalOf(handle.executeUpdate('retry', { args: [{ by: 'ana', all: true, step: START }] }))).toContain(
      'leave one of the two out',
    );
    lab.world.heal();
    await handle.executeUpdate('retry', { args: [{ by: 'ana', all: true }] });
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'completed' });
  });
});

describe('a failure policy of the runbook', () => {
  const withPolicy = async (policy: string): Promise<void> => {
    await lab.tearDown();
    lab = await startMemoryLab(tinyRunbook({ operations: `{ failover: { failurePolicy: ${policy} } }` }));
  };
  const BY = 'failure policy of the runbook';

  test('tries a step of its phase again as often as it says, then asks', async () => {
    await withPolicy('{ start: { retry: 2, every: 1s } }');
    lab.world.inject({ kind: 'never-healthy', target: 'front answers' });
    const handle = await lab.start('failover');
    const asking = await lab.until(
      handle,
      ({ waitingFor }) => waitingFor[0]?.kind === 'failed-step' && !waitingFor[0].prompt.includes('by itself at'),
    );
    expect(asking.waitingFor).toMatchObject([{ name: 'check-health/front@south' }]);
    const events = await eventsOf(handle);
    expect(events.filter(({ kind }) => kind === 'step-failed')).toHaveLength(3);
    expect(events.filter(({ kind }) => kind === 'message')).toMatchObject([
      { name: 'retry', by: BY, reason: 'check-health/front@south: 1 of 2' },
      { name: 'retry', by: BY, reason: 'check-health/front@south: 2 of 2' },
    ]);
    lab.world.heal();
    await handle.executeUpdate('retry', { args: [{ by: 'ana' }] });
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'completed' });
  });

  test('leaves a step out that guards nothing, and says so in the verdict', async () => {
    await withPolicy('{ finish: { then: continue } }');
    // The first switch of the record leads customers, the second restores its TTL.
    lab.world.inject({
      kind: 'call-fails',
      method: 'switch',
      target: 'tiny.example.test',
      nth: 2,
      code: 'RecordChanged',
    });
    const handle = await lab.start('failover');
    await expect(handle.result()).resolves.toMatchObject({
      verdict: 'completed-with-issues',
      because: 'left out or done by hand: restore-ttl/tiny.example.test@south',
    });
    expect((await eventsOf(handle)).filter(({ kind }) => kind === 'step-skipped')).toMatchObject([{ by: BY }]);
  });

  test('rolls back in its phase alone', async () => {
    await withPolicy('{ start: { then: rollback } }');
    lab.world.inject({ kind: 'never-healthy', target: 'front answers', site: 'south' });
    const handle = await lab.start('failover');
    await expect(handle.result()).resolves.toMatchObject({
      verdict: 'rolled-back',
      because: expect.stringContaining(`${BY}: check-health/front@south`),
    });
  });
});
