import { runLines } from '../../../../cli/views/run-view';
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
