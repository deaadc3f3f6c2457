import '../patience';
import { shownOpenings } from '../../../cli/views/windows-view';
import type { RecoveryPlan } from '../../../core/model/plan';
import { startMemoryLab, type MemoryLab } from './memory-lab';
import { tinyRunbook } from './tiny-runbook';

let lab: MemoryLab;
beforeAll(async () => {
  const gates = 'gates: [{ window: { name: night, duration: 1h, mode: planned } }]';
  lab = await startMemoryLab(slow(tinyRunbook({ operations: `{ failover: { ${gates} } }` })));
});
afterAll(() => lab.tearDown());

/** The store alone: it takes seven seconds to count as healthy, of which the plan knows nothing. */
const slow = (yaml: string): string =>
  yaml
    .replace('interval: 10ms, successes: 2, within: 1s', 'interval: 1s, successes: 8, within: 60s')
    .replace(/ {2}- name: front[^]*?(?=volumes:)/, '')
    .replace(/traffic:\n.*\n/, '');

/** A window that opens in so many seconds, for so long. */
const window = (inSeconds: number, durationSeconds: number) => ({
  windows: { night: { start: new Date(Date.now() + inSeconds * 1000).toISOString(), durationSeconds } },
});
const wide = () => window(-3600, 7200);

async function planOf(more: object): Promise<RecoveryPlan> {
  const look = await lab.start('plan', { runbook: 'tiny', operation: 'failover', ...more }, `plan/${Math.random()}`);
  return (await look.result()) as RecoveryPlan;
}

async function run(operation: string, more: object = {}): Promise<{ verdict: string; because: string }> {
  const handle = await lab.start(operation, { runbook: 'tiny', ...more });
  return (await handle.result()) as { verdict: string; because: string };
}

async function home(): Promise<void> {
  for (const operation of ['reprotect', 'failback']) {
    expect(await run(operation)).toMatchObject({ verdict: 'completed' });
  }
}

test('after three runs the estimate is from them, and a window that fitted the plan alone is refused', async () => {
  const first = await planOf(wide());
  const short = Math.ceil(first.estimateSeconds) + 2;
  expect(first.earlierRuns).toBeUndefined();
  expect(short).toBeLessThanOrEqual(7);

  // It fits, so that it is waited for and entered.
  expect(await run('failover', window(10, short))).toMatchObject({ verdict: 'completed' });
  await home();
  expect(await run('failover', wide())).toMatchObject({ verdict: 'completed' });
  expect((await planOf(wide())).earlierRuns).toBeUndefined();
  await home();
  expect(await run('failover', wide())).toMatchObject({ verdict: 'completed' });
  await home();

  const { runs } = await lab.state();
  const measured = runs.flatMap((one) => (one.operation === 'failover' && one.measured ? [one.measured] : []));
  expect(measured).toHaveLength(3);
  const later = await planOf(window(60, short));
  expect(later).toMatchObject({ earlierRuns: 3 });
  const longest = Math.max(...measured.map(({ workSeconds }) => workSeconds));
  expect(longest).toBeGreaterThan(short);
  expect(later.estimateSeconds).toBeCloseTo(longest, 2);
  expect(later.interruptionSeconds).toBeLessThanOrEqual(later.estimateSeconds);
  expect(shownOpenings(later, { next: 1, now: Date.now() })).toMatchObject([{ gate: 'night', fits: false }]);

  // Nobody has run the other mode: it is estimated by its own steps.
  expect((await planOf({ mode: 'unplanned' })).earlierRuns).toBeUndefined();

  expect(await run('failover', window(60, short))).toEqual(
    expect.objectContaining({
      verdict: 'declined',
      because: expect.stringMatching(/has \d+ s left, the run needs about .* \(from 3 earlier runs\)/) as string,
    }),
  );
});
