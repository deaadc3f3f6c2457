import '../patience';
import { WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { copyOf } from '../../../core/model/drill';
import type { RecoveryPlan } from '../../../core/model/plan';
import type { RunEvent, RunStatus } from '../../../core/model/run';
import type { RecoveryPoint } from '../../../core/model/volume';
import { until } from '../faults/until';
import { startMemoryLab, type MemoryLab } from './memory-lab';
import { tinyRunbook } from './tiny-runbook';

const operations = '{ failover: { gates: [{ approval: { name: cutover, prompt: Lose this? } }] } }';
const replication = '{ every: 1s, points: { every: 1s, keep: [{ every: 1s, for: 1h }] } }';

let lab: MemoryLab;
beforeEach(async () => {
  lab = await startMemoryLab(tinyRunbook({ operations, replication }));
});
afterEach(() => lab.tearDown());

function write(site: 'primary' | 'recovery', record: string): boolean {
  const [volume] = lab.runbook.volumes;
  if (volume === undefined) throw new Error('no volume');
  return lab.world.customers.write({ site: lab.runbook.sites[site].name, group: 'tiny', volume, record }).acknowledged;
}

const pointsAt = (site: string): readonly RecoveryPoint[] =>
  (lab.world.state.sites[site]?.groups['tiny']?.volumes['data']?.points ?? []).map(({ point }) => point);

const contentAt = (site: 'primary' | 'recovery'): unknown =>
  lab.world.customers.read({ site: lab.runbook.sites[site].name, group: 'tiny', volume: 'data' })['records'];

/** A point of the standby from after the record was written. */
async function pointWith(records: number): Promise<string> {
  let found: string | undefined;
  await until(`a point holds ${records} records`, () => {
    found = pointsAt('south').find((point) => point.records === records)?.id;
    return found !== undefined;
  });
  return found ?? '';
}

async function loseNorth(): Promise<WorkflowHandle> {
  lab.world.disasters.killWorkloads('north');
  lab.world.disasters.isolate('north');
  return lab.start('failover', { runbook: 'tiny', mode: 'unplanned', requestedBy: 'rey' });
}

const waitsFor = (name: string) => (status: RunStatus) => status.waitingFor.some((waiting) => waiting.name === name);

const approve = (handle: WorkflowHandle, gate: string) =>
  handle.executeUpdate('decide', { args: [{ gate, by: 'ana', decision: 'approve', comment: 'seen' }] });

const choose = (handle: WorkflowHandle, recoveryPoint: string) =>
  handle.executeUpdate('choosePoint', { args: [{ recoveryPoint, by: 'bo', reason: 'the last one is damaged' }] });

const refusal = (handle: WorkflowHandle, recoveryPoint: string): Promise<string> =>
  choose(handle, recoveryPoint).then(
    () => 'taken',
    (error: unknown) => (error instanceof WorkflowUpdateFailedError ? (error.cause?.message ?? '') : String(error)),
  );

/** The run as it went on: the handle that was started with stays at its own execution. */
const goneOn = (handle: WorkflowHandle): WorkflowHandle => lab.client.workflow.getHandle(handle.workflowId);

const planOf = (handle: WorkflowHandle): Promise<RecoveryPlan> => handle.query('plan');

/** Until the run of that id is another one than this. */
async function nextRun(handle: WorkflowHandle, runId: string): Promise<void> {
  await until('the next run has begun', async () => (await goneOn(handle).describe()).runId !== runId);
}

test('after workloads have started, what they had is undone, everybody is asked again, and the other point is served', async () => {
  const good = await pointWith(1);
  expect(write('primary', 'damaged')).toBe(true);
  await pointWith(2);
  lab.world.inject({ kind: 'never-healthy', target: 'front answers', site: 'south' });
  const handle = await loseNorth();
  await lab.until(handle, waitsFor('cutover'));
  const before = await planOf(handle);
  await approve(handle, 'cutover');
  await lab.until(handle, waitsFor('declare-lost/north'));
  await approve(handle, 'declare-lost/north');
  await lab.until(handle, (status) => status.waitingFor.some(({ kind }) => kind === 'failed-step'));
  expect(contentAt('recovery')).toMatchObject({ content: 'one\ndamaged\n' });

  const { runId } = await goneOn(handle).describe();
  lab.world.heal();
  expect(await refusal(handle, '20200101T000000.000Z-1')).toContain(`there are ${pointsAt('south')[0]?.id ?? ''}`);
  expect(await refusal(handle, '2020-01-01T00:00:00Z')).toContain('data: no recovery point at or before 2020');
  expect(await refusal(handle, 'latest-application-consistent')).toContain('there is no application-consistent');
  expect(await refusal(handle, 'latest')).toContain('starts from "latest" already');
  await choose(handle, good);
  await nextRun(handle, runId);

  const next = goneOn(handle);
  const asked = await lab.until(next, waitsFor('cutover'));
  expect(asked.steps.find(({ id }) => id === 'restore-point/data@south')?.status).toBe('pending');
  const after = await planOf(next);
  expect(after.hash).not.toBe(before.hash);
  expect(after.loss?.volumes).toMatchObject([{ volume: 'data', point: good, records: 1 }]);
  expect(after.epochs.to).toBeGreaterThan(before.epochs.rollback);
  await approve(next, 'cutover');
  // That the site is lost was said, and does not depend on the point.
  await expect(next.result()).resolves.toMatchObject({ verdict: 'completed' });
  expect(contentAt('recovery')).toMatchObject({ content: 'one\n' });
  expect(write('recovery', 'new life')).toBe(true);

  const first = await lab.client.workflow.getHandle(handle.workflowId, runId).query<RunEvent[]>('timeline');
  expect(first.find((event) => event.kind === 'run-finished')).toMatchObject({ verdict: 'rolled-back' });
  expect(first).toContainEqual(
    expect.objectContaining({ kind: 'compensation-done', step: expect.stringMatching(/stop-workload.store/) }),
  );
  const undone = first.flatMap((event) => (event.kind === 'compensation-done' ? [event.step] : []));
  expect(undone.filter((id) => id.includes('resume-replication'))).toEqual([]);
  const state = await lab.state();
  expect(state).toMatchObject({ phase: 'FailedOver', activeSite: 'recovery', epoch: after.epochs.to });
  expect(state.runs.map(({ verdict }) => verdict)).toEqual(['completed', 'rolled-back']);
});

test('a decline of the other point takes back what the first run had left, and the group is as it was', async () => {
  const good = await pointWith(1);
  expect(write('primary', 'two')).toBe(true);
  await pointWith(2);
  lab.world.inject({ kind: 'never-healthy', target: 'front answers', site: 'south' });
  const handle = await loseNorth();
  await lab.until(handle, waitsFor('cutover'));
  await approve(handle, 'cutover');
  await lab.until(handle, waitsFor('declare-lost/north'));
  await approve(handle, 'declare-lost/north');
  await lab.until(handle, (status) => status.waitingFor.some(({ kind }) => kind === 'failed-step'));
  const { runId } = await goneOn(handle).describe();
  await choose(handle, good);
  await nextRun(handle, runId);
  const next = goneOn(handle);
  await lab.until(next, waitsFor('cutover'));
  expect((await lab.state()).replication.paused).toBe(true);
  lab.world.disasters.reconnect('north');
  await next.executeUpdate('decide', { args: [{ gate: 'cutover', by: 'ana', decision: 'decline' }] });
  await expect(next.result()).resolves.toMatchObject({ verdict: 'declined' });
  expect(await lab.state()).toMatchObject({
    phase: 'Protected',
    activeSite: 'primary',
    replication: { paused: false },
  });
});

test('at the gate, before anything is done, it is chosen as well; a planned failover refuses', async () => {
  const good = await pointWith(1);
  expect(write('primary', 'two')).toBe(true);
  await pointWith(2);
  const planned = await lab.start('failover', { runbook: 'tiny' });
  await lab.until(planned, waitsFor('cutover'));
  expect(await refusal(planned, good)).toContain('only an unplanned failover');
  await planned.executeUpdate('rollback', { args: [{ by: 'ana' }] });
  await planned.result();

  const handle = await loseNorth();
  await lab.until(handle, waitsFor('cutover'));
  const { runId } = await goneOn(handle).describe();
  await handle.signal('choosePoint', { recoveryPoint: good, by: 'bo', reason: 'better' });
  await nextRun(handle, runId);
  const next = goneOn(handle);
  await lab.until(next, waitsFor('cutover'));
  await approve(next, 'cutover');
  await lab.until(next, waitsFor('declare-lost/north'));
  await approve(next, 'declare-lost/north');
  await expect(next.result()).resolves.toMatchObject({ verdict: 'completed' });
  expect(contentAt('recovery')).toMatchObject({ content: 'one\n' });
});

test('a drill that is held goes on from another point: its copy is made anew, and people look at that one', async () => {
  const good = await pointWith(1);
  expect(write('primary', 'damaged')).toBe(true);
  await pointWith(2);
  const handle = await lab.start('drill', { runbook: 'tiny', keepSeconds: 600 });
  await lab.until(handle, waitsFor('hold'));
  const copied = (): unknown =>
    lab.world.customers.read({ site: 'south', group: copyOf('tiny'), volume: 'data' })['records'];
  expect(copied()).toMatchObject({ content: 'one\ndamaged\n' });
  const { runId } = await goneOn(handle).describe();
  await choose(handle, good);
  await nextRun(handle, runId);

  const next = goneOn(handle);
  await lab.until(next, waitsFor('hold'));
  expect(copied()).toMatchObject({ content: 'one\n' });
  expect((await planOf(next)).loss?.volumes).toMatchObject([{ volume: 'data', point: good, records: 1 }]);
  await next.executeUpdate('decide', { args: [{ gate: 'hold', by: 'ana', decision: 'done' }] });
  await expect(next.result()).resolves.toMatchObject({ verdict: 'completed' });
  expect(Object.keys(lab.world.state.sites['south']?.groups ?? {})).toEqual(['tiny']);
  // It is one drill to people: only what they looked at is to be attested.
  const { drills, drillLeft, phase } = await lab.state();
  expect({ drillLeft, phase }).toEqual({ drillLeft: undefined, phase: 'Protected' });
  expect(drills?.unattested).toHaveLength(1);
});
