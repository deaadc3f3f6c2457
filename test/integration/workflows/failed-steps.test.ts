import '../patience';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type WorkflowFailedError, WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';
import type { RunEvent } from '../../../core/model/run';
import type { WorkloadSpec } from '../../../core/model/workload';
import { leftLines } from '../../../core/running/left-as';
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

const mutation = { group: 'tiny', operationKey: 'by hand', epoch: 1 };

function workload(name: string): WorkloadSpec {
  const found = lab.runbook.workloads.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

async function stopStore(site: 'north' | 'south', epoch: number): Promise<void> {
  const { primary, recovery } = lab.runbook.sites;
  const place = site === 'north' ? primary : recovery;
  await lab.world.workload.stop(place, workload('store'), { ...mutation, epoch }, quiet);
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
    lab.world.heal();
    await stopStore('north', 1);
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

  test('as the how-to has it: the steps of the start are tried again twice, then it is rolled back', async () => {
    const page = await readFile(path.join(__dirname, '../../../docs/how-to-handle-a-failed-step.md'), 'utf8');
    const [, block = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    await lab.tearDown();
    lab = await startMemoryLab(tinyRunbook().replace(/^operations: .*$/m, block));
    lab.world.inject({ kind: 'never-healthy', target: 'front answers', site: 'south' });
    const handle = await lab.start('failover');
    await expect(handle.result()).resolves.toMatchObject({
      verdict: 'rolled-back',
      because: expect.stringContaining(`${BY}: check-health/front@south`),
    });
    expect((await eventsOf(handle)).filter(({ kind }) => kind === 'message')).toHaveLength(2);
    expect(await lab.state()).toMatchObject({ phase: 'Protected', activeSite: 'primary' });
  });
});

describe('a run that ended early', () => {
  const abortedAt = async (step: string) => {
    const handle = await failedAt(step);
    await handle.executeUpdate('abort', { args: [{ by: 'ana', reason: 'by hand' }] });
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'aborted' });
    return { handle, resumeOf: { workflowId: handle.workflowId, runId: (await handle.describe()).runId } };
  };
  const resumed = (resumeOf: object) => lab.start('failover', { runbook: 'tiny', resumeOf });
  const failureOf = async (handle: WorkflowHandle) => {
    const error: unknown = await handle.result().catch((thrown: unknown) => thrown);
    return (error as WorkflowFailedError).cause as ApplicationFailure;
  };

  test('says what runs where; it is not continued upon what is not so any more, unless that is accepted', async () => {
    lab.world.inject({ kind: 'ends-at-once', target: 'front', site: 'south' });
    const { handle, resumeOf } = await abortedAt(START);
    const { left } = await lab.status(handle);
    if (left === undefined) throw new Error('it does not say what runs where');
    expect(leftLines(left)).toEqual([
      'north (primary): runs: nothing; stopped: store, front; data is active, epoch 1; fenced, epoch 2 and higher may write',
      'south (recovery): runs: store; stopped: front; data is active, epoch 2; unfenced, epoch 2 and higher may write',
      'tiny.example.test leads to 127.0.1.1',
    ]);
    lab.world.heal();
    await stopStore('south', 2);
    const stopped = await lab.state();
    const failure = await failureOf(await resumed(resumeOf));
    expect(failure).toMatchObject({
      type: 'PlanChanged',
      message: expect.stringContaining('start-workload/store@south: store at "south" is stopped'),
    });
    const { runs, ...state } = await lab.state();
    expect(state).toMatchObject({ phase: 'Incomplete', incomplete: stopped.incomplete, epoch: stopped.epoch });
    expect(runs[0]).toMatchObject({ verdict: 'refused' });
    const store = workload('store');
    await lab.world.workload.start(
      lab.runbook.sites.recovery,
      store,
      { ...mutation, operationKey: 'again', epoch: 2 },
      quiet,
    );
    await expect((await resumed(resumeOf)).result()).resolves.toMatchObject({ verdict: 'completed' });
    // It holds the time in between, and is no measure for later runs.
    expect((await lab.state()).runs[0]).not.toHaveProperty('measured');
  });

  test('goes on upon changes that somebody accepts', async () => {
    lab.world.inject({ kind: 'never-healthy', target: 'front answers' });
    const { resumeOf } = await abortedAt('check-health/front@south');
    lab.world.heal();
    await stopStore('south', 2);
    const accepted = await resumed({ ...resumeOf, acceptChanges: true });
    await expect(accepted.result()).resolves.toMatchObject({ verdict: 'completed' });
  });

  test('is not continued with another runbook, and told what is different', async () => {
    lab.world.inject({ kind: 'ends-at-once', target: 'front', site: 'south' });
    const { resumeOf } = await abortedAt(START);
    const file = path.join(lab.home, 'runbooks', 'tiny.yaml');
    await writeFile(file, tinyRunbook().replace('ttl: 1s', 'ttl: 7s'));
    expect(await failureOf(await resumed(resumeOf))).toMatchObject({
      type: 'PlanChanged',
      message: expect.stringContaining('(traffic.tiny.example.test.ttlSeconds: was 1, is now 7)'),
    });
    expect(await lab.state()).toMatchObject({ phase: 'Incomplete', incomplete: { runId: resumeOf.runId } });
    await writeFile(file, tinyRunbook());
    lab.world.heal();
    await expect((await resumed(resumeOf)).result()).resolves.toMatchObject({ verdict: 'completed' });
  });
});
