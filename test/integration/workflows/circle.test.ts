import '../patience';
import type { WorkflowHandle } from '@temporalio/client';
import type { RunEvent } from '../../../core/model/run';
import { keepRecorded } from './history-file';
import { startMemoryLab, type MemoryLab } from './memory-lab';
import { tinyRunbook } from './tiny-runbook';

const gates = `[{ window: { name: night, duration: 1h, timeZone: Europe/Berlin } },
  { approval: { name: cutover, prompt: Go home? } }]`;

let lab: MemoryLab;
beforeAll(async () => {
  lab = await startMemoryLab(tinyRunbook({ operations: `{ failback: { gates: ${gates} } }` }));
});
afterAll(() => lab.tearDown());

const keep = (name: string, handle: WorkflowHandle): Promise<void> => keepRecorded(lab.home, name, handle);

/** A record that a customer writes at the site that is active now. */
function write(site: 'primary' | 'recovery', record: string): boolean {
  const [volume] = lab.runbook.volumes;
  if (volume === undefined) throw new Error('no volume');
  return lab.world.customers.write({ site: lab.runbook.sites[site].name, group: 'tiny', volume, record }).acknowledged;
}

const recordsAt = (site: 'primary' | 'recovery'): unknown =>
  lab.world.customers.read({ site: lab.runbook.sites[site].name, group: 'tiny', volume: 'data' })['records'];

/** Passes go on during a drill, and take recovery points by policy. */
const withoutReplication = (snapshot: ReturnType<MemoryLab['world']['snapshot']>): unknown =>
  JSON.parse(JSON.stringify(snapshot, (key, value: unknown) => (key === 'points' ? [] : value)));

/** Everything is where it was at the beginning, and protected. */
async function expectHome(epoch: number): Promise<void> {
  expect(await lab.state()).toMatchObject({
    phase: 'Protected',
    activeSite: 'primary',
    epoch,
    replication: { direction: 'primary-to-recovery', paused: false },
  });
}

describe('the circle on in-memory sites', () => {
  test('a planned failover moves the group with every record', async () => {
    expect(write('primary', 'before')).toBe(true);
    const handle = await lab.start('failover');
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'completed' });
    expect(write('primary', 'stray')).toBe(false);
    expect(write('recovery', 'after')).toBe(true);
    expect(recordsAt('recovery')).toMatchObject({ content: 'one\nbefore\nafter\n' });
    await keep('failover-planned', handle);
  });

  test('reprotect makes the primary the replica', async () => {
    const handle = await lab.start('reprotect');
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'completed' });
    expect(await lab.state()).toMatchObject({
      phase: 'ReverseProtected',
      replication: { direction: 'recovery-to-primary' },
    });
    await keep('reprotect', handle);
  });

  test('failback waits for its window and its approval, and names the recovery points of both sides', async () => {
    const soon = new Date(Date.now() + 1500).toISOString();
    const handle = await lab.start('failback', { runbook: 'tiny', windows: { night: { start: soon } } });
    await lab.until(handle, (status) => status.waitingFor.some(({ kind }) => kind === 'approval'));
    const passed = (await handle.query<RunEvent[]>('timeline')).find((event) => event.kind === 'gate-passed');
    expect(passed).toMatchObject({ gate: 'night' });
    expect(Date.parse(passed?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(soon));
    await handle.executeUpdate('decide', { args: [{ by: 'ana', decision: 'approve' }] });
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'completed' });
    const points = (await lab.status(handle)).steps.flatMap((step) => step.result?.facts['point'] ?? []);
    expect(points).toMatchObject([{ site: 'south' }, { site: 'north' }]);
    await expectHome(4);
    await keep('failback', handle);
  });

  test('a drill rehearses the next failover on a copy, and leaves what it found', async () => {
    const before = lab.world.snapshot();
    const handle = await lab.start('drill', { runbook: 'tiny', keepSeconds: 600 });
    await lab.until(handle, (status) => status.waitingFor.some(({ name }) => name === 'hold'));
    const copy = lab.world.state.sites['south']?.groups['tiny~drill'];
    expect(Object.values(copy?.workloads ?? {}).every(({ running }) => running)).toBe(true);
    await handle.executeUpdate('decide', { args: [{ gate: 'hold', by: 'ana', decision: 'done' }] });
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'completed' });
    expect(withoutReplication(lab.world.snapshot())).toEqual(withoutReplication(before));
    await expectHome(4);
    await keep('drill', handle);
  });

  test('a move that fails before its commit point rolls back to the beginning', async () => {
    lab.world.inject({ kind: 'never-healthy', target: 'front answers', site: 'south' });
    const handle = await lab.start('failover');
    await lab.until(handle, (status) => status.waitingFor.some(({ kind }) => kind === 'failed-step'));
    expect(write('primary', 'down')).toBe(false);
    await handle.executeUpdate('rollback', { args: [{ by: 'ana', reason: 'front is sick' }] });
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'rolled-back', because: 'ana: front is sick' });
    lab.world.heal();
    expect(write('primary', 'again')).toBe(true);
    await expectHome(7);
    await keep('failover-rolled-back', handle);
  });

  test('a lost primary: a named person declares it lost, and the loss is known before', async () => {
    lab.world.disasters.killWorkloads('north');
    lab.world.disasters.isolate('north');
    const handle = await lab.start('failover', { runbook: 'tiny', mode: 'unplanned' });
    await lab.until(handle, (status) => status.waitingFor.some(({ kind }) => kind === 'declare-lost'));
    await handle.executeUpdate('decide', { args: [{ gate: 'declare-lost/north', by: 'ana', decision: 'approve' }] });
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'completed' });
    expect(write('recovery', 'new life')).toBe(true);
    await keep('failover-unplanned', handle);
    lab.world.disasters.reconnect('north');
    await expect((await lab.start('reprotect')).result()).resolves.toMatchObject({ verdict: 'completed' });
  });

  test('looking ahead changes nothing', async () => {
    const effects = (): number =>
      lab.world.journal.filter(({ operationKey }) => !operationKey.includes('/replicate/')).length;
    const before = effects();
    const windows = { night: { start: new Date().toISOString() } };
    const handle = await lab.start('plan', { runbook: 'tiny', operation: 'failback', windows });
    expect(await handle.result()).toMatchObject({ operation: 'failback', group: 'tiny' });
    const inspection = await lab.start('inspect', { runbook: 'tiny', connectivity: true });
    expect(await inspection.result()).toMatchObject({ state: { phase: 'ReverseProtected' } });
    const time = await lab.start('stepTime', { steps: 5 });
    expect(await time.result()).toMatchObject({ medianMs: expect.any(Number) });
    expect(effects()).toBe(before);
    await keep('plan', handle);
    await keep('inspect', inspection);
    const schedules = await lab.start('schedules');
    expect(await schedules.result()).toEqual([]);
    await keep('schedules', schedules);
    await keep('step-time', time);
    await keep('protection', lab.client.workflow.getHandle('protection/tiny'));
  });
});
