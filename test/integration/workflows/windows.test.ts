import '../patience';
import type { WorkflowHandle } from '@temporalio/client';
import type { RunEvent } from '../../../core/model/run';
import { startMemoryLab, type MemoryLab } from './memory-lab';
import { tinyRunbook } from './tiny-runbook';

const open: MemoryLab[] = [];
afterEach(async () => {
  for (const lab of open.splice(0)) await lab.tearDown();
});

/** Local time in UTC, so many seconds from now. */
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19);

/** A failover of a lab of its own behind a window, and what gates there are more. */
async function failover(
  window: string,
  prepare: (lab: MemoryLab) => void = () => undefined,
  input?: () => object,
  more = '',
): Promise<{ lab: MemoryLab; run: WorkflowHandle }> {
  const gates = `[{ window: { name: night, ${window} } }${more}]`;
  const lab = await startMemoryLab(tinyRunbook({ operations: `{ failover: { gates: ${gates} } }` }));
  open.push(lab);
  prepare(lab);
  return { lab, run: await lab.start('failover', { runbook: 'tiny', ...(input && { windows: { night: input() } }) }) };
}

/** Known only when the run is started: long enough for the plan, and soon over. */
const soonOver = () => ({ start: `${inSeconds(-3600)}Z`, durationSeconds: 3618 });

const eventsOf = (run: WorkflowHandle): Promise<readonly RunEvent[]> => run.query('timeline');

test('an opening that is too short for the plan is passed over, and the next one is waited for', async () => {
  const short = `start: "${inSeconds(-3600)}", duration: 3602s`;
  const later = inSeconds(15);
  const { lab, run } = await failover(`${short}, also: [{ start: "${later}", duration: 1h, repeat: FREQ=DAILY }]`);
  const status = await lab.until(run, ({ waitingFor }) => waitingFor.some(({ kind }) => kind === 'window'));
  const [window] = status.waitingFor;
  expect(window).toMatchObject({ name: 'night', opensAt: `${later}Z`, answers: [] });
  expect(window?.then?.length).toBeGreaterThan(1);
  await expect(run.result()).resolves.toMatchObject({ verdict: 'completed' });
  const passed = (await eventsOf(run)).find((event) => event.kind === 'gate-passed');
  expect(Date.parse(passed?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(`${later}Z`));
});

test('a window whose only opening falls into a blackout ends the run as declined', async () => {
  const start = inSeconds(60);
  const { run } = await failover(`start: "${start}", duration: 1h, blackouts: [{ start: "${start}", duration: 2h }]`);
  await expect(run.result()).resolves.toMatchObject({
    verdict: 'declined',
    because: expect.stringContaining('maintenance window "night" closed at'),
  });
});

describe('a window that closes while a step asks', () => {
  const sick = (lab: MemoryLab): void =>
    lab.world.inject({ kind: 'never-healthy', target: 'store answers', site: 'south' });
  const closing = (overrun: string): string => `duration: 1h, overrun: ${overrun}`;

  test('is rolled back where the runbook says so', async () => {
    const { lab, run } = await failover(closing('rollback'), sick, soonOver);
    await expect(run.result()).resolves.toMatchObject({
      verdict: 'rolled-back',
      because: 'maintenance window "night": the window has closed',
    });
    expect(await lab.state()).toMatchObject({ phase: 'Protected', activeSite: 'primary' });
  });

  test('is paused where a person is to be asked', async () => {
    const { lab, run } = await failover(closing('ask'), sick, soonOver);
    const status = await lab.until(run, ({ phase }) => phase === 'paused');
    expect(status.waitingFor.map(({ kind }) => kind)).toContain('resume');
    expect(await eventsOf(run)).toContainEqual(
      expect.objectContaining({ kind: 'message', name: 'pause', by: 'maintenance window "night"' }),
    );
    await run.executeUpdate('rollback', { args: [{ by: 'ana' }] });
    await expect(run.result()).resolves.toMatchObject({ verdict: 'rolled-back' });
  });
});

/** Until the clock that all share has come there. */
const past = async (lab: MemoryLab, run: WorkflowHandle, instant: string): Promise<void> => {
  await lab.until(run, () => Date.now() > Date.parse(instant));
};

const passesOf = async (run: WorkflowHandle): Promise<readonly (RunEvent & { kind: 'gate-passed' })[]> =>
  (await eventsOf(run)).flatMap((event) => (event.kind === 'gate-passed' && event.gate === 'night' ? [event] : []));

const firstChange = (events: readonly RunEvent[]): string =>
  events.find((event) => event.kind === 'step-scheduled' && event.step.startsWith('pause-replication'))?.at ?? '';

test('a window that closes before anything was changed is no overrun: a late approval waits for the next opening', async () => {
  const again = inSeconds(45);
  const window = `duration: 1h, overrun: rollback, also: [{ start: "${again}", duration: 1h }]`;
  const { lab, run } = await failover(window, undefined, () => soonOver(), ', { approval: { name: go } }');
  await lab.until(run, ({ waitingFor }) => waitingFor.some(({ name }) => name === 'go'));
  const closes = (await passesOf(run))[0]?.closesAt ?? '';
  await past(lab, run, closes);
  await run.executeUpdate('decide', { args: [{ gate: 'go', by: 'ana', decision: 'approve' }] });
  const { waitingFor } = await lab.until(run, (status) => status.waitingFor.some(({ kind }) => kind === 'window'));
  expect(waitingFor).toMatchObject([{ name: 'night', opensAt: `${again}Z` }]);
  await expect(run.result()).resolves.toMatchObject({ verdict: 'completed' });
  expect(Date.parse(firstChange(await eventsOf(run)))).toBeGreaterThanOrEqual(Date.parse(`${again}Z`));
  expect((await passesOf(run)).map(({ closesAt }) => Date.parse(closesAt ?? ''))).toEqual([
    Date.parse(closes),
    Date.parse(`${again}Z`) + 3_600_000,
  ]);
});

test('a run that is paused until the window has closed waits for the next opening when it is resumed', async () => {
  const again = inSeconds(45);
  const window = `duration: 12s, overrun: ask, also: [{ start: "${again}", duration: 1h }]`;
  const { lab, run } = await failover(window, undefined, () => ({ start: `${inSeconds(8)}Z` }));
  const { waitingFor } = await lab.until(run, (status) => status.waitingFor.some(({ kind }) => kind === 'window'));
  await run.executeUpdate('pause', { args: [{ by: 'ana' }] });
  await past(lab, run, new Date(Date.parse(waitingFor[0]?.opensAt ?? '') + 12_000).toISOString());
  await run.executeUpdate('resume', { args: [{ by: 'ana' }] });
  await expect(run.result()).resolves.toMatchObject({ verdict: 'completed' });
  expect(Date.parse(firstChange(await eventsOf(run)))).toBeGreaterThanOrEqual(Date.parse(`${again}Z`));
});

test('several windows are open together', async () => {
  const again = inSeconds(45);
  const window = `duration: 1h, also: [{ start: "${again}", duration: 1h }]`;
  const other = `, { window: { name: quiet, start: "${inSeconds(38)}", duration: 2h } }`;
  const { lab, run } = await failover(window, undefined, () => soonOver(), other);
  const { waitingFor } = await lab.until(run, (status) => status.waitingFor.some(({ kind }) => kind === 'window'));
  expect(waitingFor).toMatchObject([{ opensAt: `${again}Z`, prompt: expect.stringContaining('"night" and "quiet"') }]);
  await expect(run.result()).resolves.toMatchObject({ verdict: 'completed' });
  expect(Date.parse(firstChange(await eventsOf(run)))).toBeGreaterThanOrEqual(Date.parse(`${again}Z`));
});
