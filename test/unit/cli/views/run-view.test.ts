import { runLines } from '../../../../cli/views/run-view';
import type { RunStatus } from '../../../../core/model/run';
import { fixturePlan } from '../fixture-plan';
import { expectGolden } from '../golden';
import { fixtureSnapshot, NOW } from '../fixture-run';
import { rendered } from '../rendered';

const high = { rows: 60, columns: 200 };

const syncing = fixtureSnapshot(
  { 'final-sync/orders@alpha': 'running' },
  {},
  {
    progress: new Map([
      [
        'final-sync/orders@alpha',
        {
          attempt: 2,
          progress: { doing: 'copying orders.log', done: 20_971_520, total: 83_886_080, unit: 'bytes' },
          lastFailure: 'the connection was lost',
        },
      ],
    ]),
  },
);

const failed = fixtureSnapshot(
  { 'stop-workload/api@beta': 'failed', 'stop-workload/web@beta': 'done' },
  {
    phase: 'waiting',
    waitingFor: [
      {
        kind: 'failed-step',
        name: 'stop-workload/api@beta',
        prompt: 'stop api at beta failed: StopFailed',
        since: '2026-11-21T10:00:50.000Z',
        answers: [
          { message: 'retry', payload: { by: 'you@example.com', step: 'stop-workload/api@beta' } },
          {
            message: 'markDone',
            payload: { by: 'you@example.com', step: 'stop-workload/api@beta', reason: "it's gone" },
          },
          { message: 'rollback', payload: { by: 'you@example.com' } },
        ],
      },
    ],
  },
);

const atGate = fixtureSnapshot(
  { 'approval/cutover': 'running' },
  {
    phase: 'waiting',
    lastRefusal: 'decide: bo@example.com may not decide',
    waitingFor: [
      {
        kind: 'approval',
        name: 'cutover',
        prompt: 'Move the shop back to alpha?',
        since: '2026-11-21T10:00:40.000Z',
        facts: {
          estimateSeconds: 150,
          interruptionSeconds: 42,
          lag: { observedAt: '2026-11-21T10:00:02.000Z', volumes: [{ volume: 'orders', seconds: 3.2 }] },
          warnings: ['ActiveRunning (beta): web is stopped: no process'],
        },
        answers: [
          { message: 'decide', payload: { gate: 'cutover', by: 'ana@example.com', decision: 'approve' } },
          { message: 'decide', payload: { gate: 'cutover', by: 'ana@example.com', decision: 'decline' } },
        ],
      },
    ],
  },
);

const rollingBack = fixtureSnapshot(
  {
    'start-workload/ledger@alpha': 'failed',
    'undo/start-workload/ledger@beta': 'running',
    'undo/stop-workload/ledger@alpha': 'done',
  },
  { phase: 'rolling-back' },
);

test.each([
  ['a long sync shows its progress and its tries', 'run-syncing', syncing],
  ['a failed step shows what it failed with, and the commands that answer', 'run-failed-step', failed],
  ['a gate shows the exact commands, and the last refusal', 'run-at-gate', atGate],
  ['a rollback shows its compensations under the steps', 'run-rolling-back', rollingBack],
])('%s', (_title, golden, snapshot) => {
  expectGolden(golden, rendered(runLines(snapshot, high)));
});

test('folded to a low terminal, finished groups go first, then those to come; what is running stays', () => {
  expectGolden('run-syncing-folded', rendered(runLines(syncing, { rows: 12, columns: 100 })));
});

test.each([5, 6, 8, 10, 14, 20, 30])(
  'at %i rows the view is as high as the terminal, or as what must stay in view',
  (rows) => {
    const headAndTree = 1 + 3;
    const views = [
      { snapshot: syncing, foot: 1 },
      { snapshot: failed, foot: 6 },
      { snapshot: atGate, foot: 7 },
      { snapshot: rollingBack, foot: 1 },
    ];
    for (const { snapshot, foot } of views) {
      const height = runLines(snapshot, { rows, columns: 200 }).length;
      expect(height).toBeLessThanOrEqual(Math.max(rows, headAndTree + foot));
    }
  },
);

test('commands to answer are never cut, but wrapped', () => {
  const text = rendered(runLines(atGate, { rows: 30, columns: 40 }), 40);
  expect(text.replaceAll('\n', '')).toContain('--gate cutover --by ana@example.com');
});

test('what it waits for stays in view at any height', () => {
  expect(rendered(runLines(atGate, { rows: 6, columns: 100 }))).toContain(
    'switchback approve failback/shop/20261121-100000 --gate cutover',
  );
});

test('a finished run ends with its verdict and no longer speaks of leaving', () => {
  const text = rendered(
    runLines(
      fixtureSnapshot(
        { 'start-replication/shop': 'done' },
        { phase: 'finished', verdict: 'completed', because: 'all done', finishedAt: NOW },
      ),
      high,
    ),
  );
  expect(text.endsWith('\ncompleted: all done')).toBe(true);
  expect(text).not.toContain('ctrl-c');
});

test('a run without a plan yet, and a worker that is away, show what is known', () => {
  const text = rendered(
    runLines(
      { ...fixtureSnapshot({}, { phase: 'preparing', steps: [], rollback: [] }), plan: null, trouble: 'no worker' },
      high,
    ),
  );
  expect(text).toBe(
    'failback of shop is preparing, 1 min  failback/shop/20261121-100000\n! no worker\nctrl-c is safe: it ends this view, the run goes on',
  );
});

test('control characters in what people and programs wrote do not reach the terminal', () => {
  const hostile = fixtureSnapshot(
    { 'approval/cutover': 'running' },
    { lastRefusal: 'x\u001b[2J\u001b]0;pwned\u0007\nforged line\u202e' },
  );
  expect(rendered(runLines(hostile, high))).toContain('! refused: x forged line\n');
});

describe('a plan of many groups on a terminal of 24 rows', () => {
  const groups = 14;
  const ids = Array.from({ length: groups }, (_, index) => `start-workload/w${index}@alpha`);
  const steps = ids.map((id, index) => ({
    id,
    kind: 'start-workload' as const,
    title: `start w${index} at alpha`,
    segment: `start-${index}`,
    dependsOn: index === 0 ? [] : [ids[index - 1] ?? ''],
    input: {},
  }));
  const segments = steps.map(({ segment }, index) => ({
    id: segment,
    title: `Start priority ${index + 1} at alpha`,
    phase: 'start' as const,
  }));
  const plan = { ...fixturePlan, steps, segments };
  const stateOf = (id: string, index: number, running: number) =>
    index < running
      ? {
          id,
          status: 'done' as const,
          scheduledAt: NOW,
          result: { summary: '', facts: {}, startedAt: NOW, finishedAt: NOW, attempt: 1, worker: 'w1' },
        }
      : { id, status: index === running ? ('running' as const) : ('pending' as const), scheduledAt: NOW };
  const at = (running: number, more: Partial<RunStatus> = {}) => {
    const { status } = atGate;
    const states = ids.map((id, index) => stateOf(id, index, running));
    return { ...atGate, plan, status: { ...status, steps: states, rollback: [], ...more } };
  };
  const size = { rows: 23, columns: 79 };
  const lines = (running: number, more: Partial<RunStatus> = {}) =>
    runLines(at(running, more), size).map((line) => rendered([line], 79));

  test.each([0, 1, 6, 12, 13])(
    'finished groups and those to come are told together, with group %i running',
    (running) => {
      const shown = lines(running);
      expect(shown.length).toBeLessThanOrEqual(23);
      expect(shown.join('\n')).toContain(`▶ start w${running} at alpha`);
      expect(shown.filter((line) => /line(s)? (above|below)/.test(line))).toEqual([]);
      const told = shown.flatMap((line) => /^([✓·]) (\d+) groups (done|to come)/.exec(line)?.slice(1, 4) ?? []);
      const single = shown.filter((line) => /^[✓▶·] Start priority/.test(line)).length;
      const together = told.filter((part) => /^\d+$/.test(part)).reduce((sum, number) => sum + Number(number), 0);
      expect(together + single).toBe(groups);
      expect(shown.at(-1)).toBe('ctrl-c is safe: it ends this view, the run goes on');
      expect(shown.join('')).toContain('--gate cutover --by ana@example.com');
    },
  );

  test('long instructions do not hide the commands that answer, nor does anything the run', () => {
    const instructions = Array.from({ length: 40 }, (_, index) => `Look at page ${index}.`).join('\n');
    const waiting = {
      kind: 'manual-step' as const,
      name: 'look',
      prompt: 'look, by hand',
      since: NOW,
      instructions,
      answers: [{ message: 'decide', payload: { gate: 'look', by: 'ana@example.com', decision: 'done' } }],
    };
    const shown = lines(6, { waitingFor: [waiting] });
    expect(shown.length).toBeLessThanOrEqual(23);
    expect(shown.join('\n')).toContain('… 37 lines more: switchback status');
    expect(shown.join('\n')).toContain('switchback done');
    const failures = Array.from({ length: 9 }, (_, index) => ({ ...waiting, name: `step ${index}` }));
    const many = lines(6, { waitingFor: failures });
    expect(many.length).toBeLessThanOrEqual(23);
    expect(many.join('\n')).toMatch(/… \d+ lines more of what it waits for/);
    expect(many.join('\n')).toContain('▶ start w6 at alpha');
  });
});
