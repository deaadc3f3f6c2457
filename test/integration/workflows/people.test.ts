import '../patience';
import { type WorkflowFailedError, WorkflowUpdateFailedError } from '@temporalio/client';
import { startMemoryLab, type MemoryLab } from './memory-lab';
import { tinyRunbook } from './tiny-runbook';

let lab: MemoryLab;
beforeEach(async () => {
  const gates = '[{ approval: { name: cutover, prompt: Move to south?, approvers: [ana, ben] } }]';
  lab = await startMemoryLab(tinyRunbook({ operations: `{ failover: { gates: ${gates} } }` }));
});
afterEach(() => lab.tearDown());

const waitsAtGate = { waitingFor: [{ kind: 'approval', name: 'cutover' }] };
const approve = { by: 'ana', decision: 'approve' };

async function atGate() {
  const handle = await lab.start('failover');
  await lab.until(handle, (status) => status.waitingFor.some(({ name }) => name === 'cutover'));
  return handle;
}

const refusalOf = async (update: Promise<unknown>): Promise<string> => {
  const error: unknown = await update.catch((thrown: unknown) => thrown);
  if (!(error instanceof WorkflowUpdateFailedError)) throw new Error('it was not refused');
  return error.cause?.message ?? '';
};

describe('people', () => {
  test('nothing changes before the approval; the exact JSON to send is shown, and sending it moves the group', async () => {
    const handle = await atGate();
    const { waitingFor } = await lab.status(handle);
    expect(waitingFor).toMatchObject(waitsAtGate.waitingFor);
    expect(effectsOf(lab, (await handle.describe()).runId)).toEqual(['capture', 'capture']);
    const answer = waitingFor[0]?.answers[0];
    await handle.executeUpdate(answer?.message ?? '', { args: [answer?.payload] });
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'completed' });
    expect(await lab.state()).toMatchObject({ phase: 'FailedOver', activeSite: 'recovery', epoch: 2 });
  });

  test('a signal decides as an update does', async () => {
    const handle = await atGate();
    await handle.signal('decide', approve);
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'completed' });
  });

  test('a decline ends the run as declined: nothing was changed, and replication goes on', async () => {
    const handle = await atGate();
    await handle.executeUpdate('decide', { args: [{ by: 'ben', decision: 'decline', comment: 'not today' }] });
    await expect(handle.result()).resolves.toMatchObject({
      verdict: 'declined',
      because: expect.stringContaining('declined by ben: not today'),
    });
    expect(await lab.state()).toMatchObject({
      phase: 'Protected',
      activeSite: 'primary',
      replication: { paused: false },
    });
  });

  test('who is not asked may not decide, and is told who may', async () => {
    const handle = await atGate();
    const byEve = handle.executeUpdate('decide', { args: [{ by: 'eve', decision: 'approve' }] });
    expect(await refusalOf(byEve)).toContain('asks ana, ben');
    // The Web UI would show it below the reason.
    await expect(byEve).rejects.toMatchObject({ cause: { stack: '' } });
    expect(await lab.status(handle)).toMatchObject(waitsAtGate);
    await handle.terminate();
  });

  test('a second operation is refused with GroupBusy that names the first, however it is started', async () => {
    const first = await atGate();
    const second = await lab.start('failover');
    const error: unknown = await second.result().catch((thrown: unknown) => thrown);
    expect((error as WorkflowFailedError).cause).toMatchObject({
      type: 'GroupBusy',
      message: expect.stringContaining(first.workflowId),
    });
    await first.terminate();
  });

  test('a paused run starts nothing; resumed, it goes on', async () => {
    const handle = await atGate();
    await handle.executeUpdate('pause', { args: [{ by: 'ana' }] });
    await handle.executeUpdate('decide', { args: [approve] });
    await lab.until(handle, (status) =>
      status.steps.some((step) => step.id === 'approval/cutover' && step.status === 'done'),
    );
    expect((await lab.status(handle)).phase).toBe('paused');
    expect((await lab.status(handle)).steps.filter((step) => step.status === 'running')).toEqual([]);
    await handle.executeUpdate('resume', { args: [{ by: 'ana' }] });
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'completed' });
  });

  test('an abort leaves the group Incomplete, saying who and what; the same operation can then be started again', async () => {
    const handle = await atGate();
    await handle.executeUpdate('abort', { args: [{ by: 'ana', reason: 'wrong day' }] });
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'aborted', because: 'ana: wrong day' });
    expect(await lab.state()).toMatchObject({
      phase: 'Incomplete',
      incomplete: { operation: 'failover', before: 'Protected' },
    });
    const again = await atGate();
    await again.executeUpdate('decide', { args: [approve] });
    await expect(again.result()).resolves.toMatchObject({ verdict: 'completed' });
  });

  test('a cancel request before the commit point rolls back', async () => {
    const handle = await atGate();
    await handle.cancel();
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'rolled-back' });
    expect(await lab.state()).toMatchObject({ phase: 'Protected' });
  });

  test('a run that was terminated by hand holds up nobody: the next one takes over and says from whom', async () => {
    const first = await atGate();
    await first.terminate('operator error');
    const second = await atGate();
    const state = await lab.state();
    expect(state.holder?.workflowId).toBe(second.workflowId);
    await second.executeUpdate('decide', { args: [approve] });
    await expect(second.result()).resolves.toMatchObject({ verdict: 'completed' });
  });

  test('a terminated run is continued where it stopped, with the same plan; what was done is not done again', async () => {
    lab.world.inject({ kind: 'never-healthy', target: 'front answers' });
    const first = await atGate();
    await first.executeUpdate('decide', { args: [approve] });
    await lab.until(first, (status) => status.waitingFor.some(({ kind }) => kind === 'failed-step'));
    const planned = (await lab.status(first)).planHash;
    await first.terminate('operator error');
    lab.world.heal();
    const effects = lab.world.journal.length;
    const { workflowId, firstExecutionRunId: runId } = {
      ...first,
      firstExecutionRunId: (await first.describe()).runId,
    };
    const second = await lab.start('failover', { runbook: 'tiny', resumeOf: { workflowId, runId } });
    await expect(second.result()).resolves.toMatchObject({ verdict: 'completed' });
    expect((await lab.status(second)).planHash).toBe(planned);
    const since = lab.world.journal.slice(effects).filter(({ operationKey }) => operationKey.startsWith(runId));
    expect(since.map(({ method }) => method)).toEqual(['switch']);
    expect(await lab.state()).toMatchObject({ phase: 'FailedOver', epoch: 2 });
  });

  test('a rollback that is incomplete is what a continued run goes on with, and nothing is built on what was undone', async () => {
    lab.world.inject({ kind: 'never-healthy', target: 'front answers', site: 'south' });
    const first = await atGate();
    await first.executeUpdate('decide', { args: [approve] });
    await lab.until(first, (status) => status.waitingFor.some(({ kind }) => kind === 'failed-step'));
    lab.world.inject({ kind: 'call-fails', method: 'claim', site: 'north', code: 'StaleEpoch' });
    await first.executeUpdate('rollback', { args: [{ by: 'ana' }] });
    await expect(first.result()).resolves.toMatchObject({ verdict: 'rollback-incomplete' });
    expect(await lab.state()).toMatchObject({ phase: 'Incomplete', epoch: 3 });
    lab.world.heal();
    const { runId } = await first.describe();
    const resumeOf = { workflowId: first.workflowId, runId };
    const second = await lab.start('failover', { runbook: 'tiny', resumeOf });
    await expect(second.result()).resolves.toMatchObject({ verdict: 'rolled-back', because: 'ana: asked for' });
    expect(await lab.state()).toMatchObject({ phase: 'Protected', activeSite: 'primary', epoch: 3 });
    const [volume] = lab.runbook.volumes;
    if (volume === undefined) throw new Error('no volume');
    const order = { group: 'tiny', volume, record: 'after all' };
    expect(lab.world.customers.write({ site: 'north', ...order })).toMatchObject({ acknowledged: true });
    expect(lab.world.customers.write({ site: 'south', ...order })).toMatchObject({ acknowledged: false });
  });
});

/** What a run has changed at the sites so far. Recovery points may be taken before a gate: they harm nobody. */
const effectsOf = (lab: MemoryLab, runId: string): readonly string[] =>
  lab.world.journal.filter(({ operationKey }) => operationKey.startsWith(runId)).map(({ method }) => method);
