import '../patience';
import type { ProtectionState } from '../../../core/model/protection';
import { startScheduleLab, type ScheduleLab } from './schedule-lab';

let there: ScheduleLab;
afterEach(() => there.lab.tearDown());

const yearly = 'name: yearly, start: 2097-01-01T10:00, repeat: FREQ=YEARLY';

const declared = async (more = '', operations?: string): Promise<void> => {
  there = await startScheduleLab(operations);
  await there.declare(`${yearly}${more}`);
  await there.apply();
  await there.until(there.lab.state, (state: ProtectionState | null) => state?.replication.asOf['data'] !== undefined);
};

/** Triggers the schedule; the id of the run. */
const trigger = async (): Promise<string> => {
  const { code, out, notes } = await there.cli('trigger', 'tiny/yearly', '--json');
  if (code !== 0) throw new Error(notes);
  return (JSON.parse(out) as { readonly workflowId: string }).workflowId;
};

const result = (workflowId: string): Promise<unknown> => there.lab.client.workflow.getHandle(workflowId).result();
const stateOf = async () => (await there.describe('yearly')).state;

/** Temporal learns of the end of a run a moment later. */
const untilNothingRuns = () =>
  there.until(
    () => there.describe('yearly'),
    ({ info }) => info.runningActions.length === 0,
  );

const sickAtSouth = (): void =>
  there.lab.world.inject({ kind: 'never-healthy', target: 'store answers', site: 'south' });

test('a triggered schedule holds a drill like one that was started by hand, and shows how it ended', async () => {
  await declared();
  const run = await trigger();
  expect(run).toMatch(/^drill\/tiny\/yearly-\d{4}-\d{2}-\d{2}T[\d:]+Z$/);
  await expect(result(run)).resolves.toMatchObject({ verdict: 'completed' });
  const status = await there.lab.status(there.lab.client.workflow.getHandle(run));
  expect(status).toMatchObject({ operation: 'drill', group: 'tiny', verdict: 'completed' });
  const [schedule] = await there.list();
  expect(schedule).toMatchObject({
    name: 'yearly',
    next: ['2097-01-01T09:00:00.000Z', '2098-01-01T09:00:00.000Z', '2099-01-01T09:00:00.000Z'],
    runs: [{ workflowId: run, ended: 'completed', because: 'every step is done and verified' }],
  });
  expect((await there.cli('list', 'tiny')).out).toMatch(
    / {2}last {4}\w{3} [\d-]+ [\d:]+ {2}completed {2}drill\/tiny\//,
  );
  const timeline = await there.lab.client.workflow.getHandle(run).query<readonly object[]>('timeline');
  expect(timeline[0]).toMatchObject({ kind: 'run-started', requestedBy: 'schedule yearly' });
});

test('while a run goes on no other is started; that people decline it is no failure', async () => {
  await declared(', pauseOnFailure: true', '{ drill: { gates: [{ approval: { name: go } }] } }');
  const run = await trigger();
  const handle = there.lab.client.workflow.getHandle(run);
  await there.lab.until(handle, ({ waitingFor }) => waitingFor.some(({ name }) => name === 'go'));
  const again = await there.cli('trigger', 'tiny/yearly');
  expect([again.code, again.notes]).toEqual([4, expect.stringContaining(`the run before still runs: ${run}`)]);
  expect((await there.list())[0]).toMatchObject({ runs: [{ ended: 'running' }], leftOut: { overlap: 1, missed: 0 } });
  expect((await there.cli('list')).out).toContain('left out 1 because the run before still ran');
  await handle.executeUpdate('decide', { args: [{ gate: 'go', by: 'bo', decision: 'decline' }] });
  await expect(handle.result()).resolves.toMatchObject({ verdict: 'declined' });
  expect((await stateOf()).paused).toBe(false);
});

test('a drill that fails pauses the schedule that is to pause, with a note that says which run and why', async () => {
  await declared(', pauseOnFailure: true');
  await expect(result(await trigger())).resolves.toMatchObject({ verdict: 'completed' });
  expect((await stateOf()).paused).toBe(false);
  await untilNothingRuns();
  sickAtSouth();
  const run = await trigger();
  await expect(result(run)).resolves.toMatchObject({ verdict: 'rolled-back' });
  const { paused, note } = await stateOf();
  expect([paused, note]).toEqual([true, expect.stringContaining(`paused on failure: ${run} ended rolled-back: `)]);
  expect(note).toContain('store answers');
  expect((await there.cli('list', 'tiny')).out).toContain(`paused  ${note ?? ''}`);
  expect((await there.apply())[0]).toMatchObject({ change: 'unchanged', paused: note });
});

test('a drill that fails leaves a schedule alone that is not to pause', async () => {
  await declared();
  sickAtSouth();
  await expect(result(await trigger())).resolves.toMatchObject({ verdict: 'rolled-back' });
  expect(await stateOf()).toMatchObject({ paused: false });
});

test('a drill that is refused pauses it too, and Temporal says why', async () => {
  await declared(', pauseOnFailure: true, recoveryPoint: no-such-point');
  await expect(result(await trigger())).rejects.toThrow();
  const { note } = await there.until(stateOf, ({ paused }) => paused);
  expect(note).toContain('no-such-point');
  expect((await there.list())[0]?.runs[0]?.ended).toBe('refused');
});

test('a drill that was started by hand and fails pauses nothing', async () => {
  await declared(', pauseOnFailure: true');
  sickAtSouth();
  const run = await there.lab.start('drill', { runbook: 'tiny' }, 'drill/tiny/yearly-by-hand');
  await expect(run.result()).resolves.toMatchObject({ verdict: 'rolled-back' });
  expect(await stateOf()).toMatchObject({ paused: false });
});

test('a paused schedule can be triggered all the same', async () => {
  await declared();
  expect((await there.cli('pause', 'tiny/yearly', '--reason', 'not now')).code).toBe(0);
  await expect(result(await trigger())).resolves.toMatchObject({ verdict: 'completed' });
  expect(await stateOf()).toEqual({ paused: true, note: 'paused by ana@example.com: not now' });
});
