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
