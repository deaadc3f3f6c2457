import fc from 'fast-check';
import type { RunStatus, StepState, StepStatus, WaitingFor } from '../../../core/model/run';
import type { ProtectionState } from '../../../core/model/protection';
import { currentDetails } from '../../../core/report/current-details';
import { jsonBlock } from '../../../core/report/details/json-block';
import { groupDetails } from '../../../core/report/group-details';
import { failbackPlan } from './shop-plan';

const now = '2026-11-21T10:05:00.000Z';
const since = '2026-11-21T10:00:00.000Z';

const status = (more: Partial<RunStatus> = {}): RunStatus => ({
  workflowId: 'failback/shop',
  runId: 'run-1',
  group: 'shop',
  operation: 'failback',
  phase: 'running',
  planHash: 'a'.repeat(64),
  committed: false,
  waitingFor: [],
  steps: failbackPlan.steps.map(({ id }) => ({ id, status: 'pending' })),
  rollback: [],
  startedAt: since,
  children: [],
  ...more,
});

const stepsWith = (statuses: Readonly<Record<string, StepStatus>>): StepState[] =>
  failbackPlan.steps.map(({ id }) => ({ id, status: statuses[id] ?? 'pending' }));

const approval = (gate: string): WaitingFor => ({
  kind: 'approval',
  name: gate,
  prompt: `May ${gate} begin?`,
  since,
  answers: (['approve', 'decline'] as const).map((decision) => ({
    message: 'decide',
    payload: { gate, by: 'you@example.com', decision },
  })),
});

const failedStep = (step: string, message: string): WaitingFor => ({
  kind: 'failed-step',
  name: step,
  prompt: `${step} failed: StopFailed: ${message}`,
  since,
  answers: [
    { message: 'retry', payload: { by: 'you@example.com', step } },
    { message: 'rollback', payload: { by: 'you@example.com' } },
    { message: 'abort', payload: { by: 'you@example.com' } },
  ],
});

const details = (more: Partial<RunStatus> = {}): string =>
  currentDetails({ status: status(more), plan: failbackPlan, now });

const fenced = (markdown: string): unknown[] =>
  [...markdown.matchAll(/^```json\n(.*)\n```$/gm)].map(([, json]) => JSON.parse(json ?? '') as unknown);

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

test('a gate is shown with the exact JSON of every answer and the message to send it with', () => {
  const markdown = details({ phase: 'waiting', waitingFor: [approval('cutover')] });
  expect(fenced(markdown)).toEqual([
    { gate: 'cutover', by: 'you@example.com', decision: 'approve' },
    { gate: 'cutover', by: 'you@example.com', decision: 'decline' },
  ]);
  expect(markdown.match(/Send a Signal or Update named `decide`:/g)).toHaveLength(2);
  expect(markdown).toContain('**Waiting for approval** `cutover`, since 2026-11-21T10:00:00.000Z: May cutover begin?');
});

test('a gate shows what there is to know: how long, for how long without service, how far behind, what is lost and what warned', () => {
  const facts = {
    estimateSeconds: 150,
    interruptionSeconds: 42,
    lag: { observedAt: since, volumes: [{ volume: 'orders', seconds: 3.2 }] },
    loss: 'orders: what came after 3 s before',
    warnings: ['ActiveRunning (beta): web is stopped'],
  };
  const markdown = details({ phase: 'waiting', waitingFor: [{ ...approval('cutover'), facts }] });
  expect(markdown).toContain(
    'Facts: estimate 2 min 30 s (from the plan); service interrupted for about 42 s; lag 3.2 s (orders, at 2026-11-21T10:00:00.000Z); ' +
      'lost: orders: what came after 3 s before; 1 warning: ActiveRunning (beta): web is stopped.',
  );
  const quiet = { ...approval('cutover'), facts: { estimateSeconds: 1, warnings: [] } };
  expect(details({ waitingFor: [quiet] })).toContain('Facts: estimate 1 s (from the plan); no data lost; no warnings.');
});

test('a window says when it opens', () => {
  const window: WaitingFor = { kind: 'window', name: 'night', prompt: 'it opens', since, opensAt: now, answers: [] };
  expect(details({ waitingFor: [window] })).toContain('opens 2026-11-21T10:05:00.000Z');
});

test('a failed step is shown with its error and answers; an answer that all share is shown once', () => {
  const waitingFor = [failedStep('stop-workload/web@beta', 'it stays'), failedStep('stop-workload/ledger@beta', 'too')];
  const markdown = details({ phase: 'waiting', waitingFor });
  expect(markdown).toContain('StopFailed: it stays');
  expect(fenced(markdown)).toEqual([
    { by: 'you@example.com', step: 'stop-workload/web@beta' },
    { by: 'you@example.com' },
    { by: 'you@example.com' },
    { by: 'you@example.com', step: 'stop-workload/ledger@beta' },
  ]);
});

test('a compensation that failed in a rollback is shown with its error', () => {
  const error = { code: 'StartFailed', message: 'exit code 1', attempts: 3 };
  const rollback: StepState[] = [{ id: 'undo/start-workload/ledger@beta', status: 'failed', error }];
  const markdown = details({ phase: 'rolling-back', rollback });
  expect(markdown).toContain('**Failed** `undo/start-workload/ledger@beta`: StartFailed: exit code 1');
  expect(markdown).toContain('Rollback: 0 of 1 done, 1 failed.');
});

test('progress: what runs, the segments at work, and counts', () => {
  const steps = stepsWith({ 'verify-site/@alpha': 'done', 'capture-point/orders@alpha': 'running' });
  const markdown = details({ steps });
  expect(markdown).toContain('**Running:** `capture-point/orders@alpha`');
  expect(markdown).toContain('| Verify both sites | 1 of 3 |');
  expect(markdown).toContain('Steps: 1 of 15 done, 1 running, 13 pending.');
});

test.each([
  [false, 'Commit point **not passed**: `rollback` leads back to the beginning.'],
  [true, 'Commit point **passed**: it goes only forward.'],
])('committed: %s', (committed, says) => {
  expect(details({ committed })).toContain(says);
});

test('the last refusal, and the end with its reason', () => {
  expect(details({ lastRefusal: 'no gate is open now' })).toContain('**Last message refused:** no gate is open now');
  expect(details({ phase: 'finished', verdict: 'declined', because: 'not today' })).toContain(
    '**Ended: declined** not today',
  );
});

test('before there is a plan', () => {
  expect(currentDetails({ status: status({ steps: [], phase: 'preparing' }), now })).toContain('No plan yet.');
});

describe('size', () => {
  const wide = (count: number) => {
    const steps = failbackPlan.steps.flatMap((step) =>
      Array.from({ length: count }, (_, index) => ({ ...step, id: `${step.id}-${index}`, dependsOn: [] })),
    );
    return { ...failbackPlan, steps };
  };

  test('1,000 workloads with 200 running and 100 failed: counts a segment, under 4,000 bytes, a question in full', () => {
    const plan = wide(1000);
    const waitingFor = plan.steps.slice(0, 100).map(({ id }) => failedStep(id, 'it stays'));
    const steps = plan.steps.map(({ id }, index): StepState => {
      return { id, status: index < 100 ? 'failed' : index < 300 ? 'running' : 'pending' };
    });
    const markdown = currentDetails({ status: status({ waitingFor, steps }), plan, now });
    expect(bytes(markdown)).toBeLessThan(4000);
    expect(markdown).toMatch(/\*\*\d+ more\*\* wait or failed/);
    expect(markdown).toContain('Steps: 0 of 15000 done, 100 failed, 200 running, 14700 pending.');
    expect(fenced(markdown).length).toBeGreaterThanOrEqual(3);
  });

  test('1,000 workloads running: the first few by name', () => {
    const plan = wide(1000);
    const steps = plan.steps.map(({ id }): StepState => ({ id, status: 'running' }));
    const markdown = currentDetails({ status: status({ steps }), plan, now });
    expect(bytes(markdown)).toBeLessThan(4000);
    expect(markdown).toContain('and 14994 more');
  });

  test('an answer too long to show is never shown in part', () => {
    const markdown = details({ waitingFor: [approval('x'.repeat(5000))] });
    expect(bytes(markdown)).toBeLessThan(4000);
    expect(markdown).not.toContain('```');
    expect(markdown).toContain('too long to be shown, see the query `status`');
  });
});

const control = [
  ...'\\`*_{}[]()<>#+-.!|~$@:/&= "0123',
  '\n',
  '```',
  '\n```\n',
  '\n# x\n',
  '{workflowId}',
  '://',
  '🚀',
  '\u202E',
  'aaaaaaaaaaaaaaaa',
];
const hostile = fc.array(fc.constantFrom(...control), { maxLength: 400 }).map((parts) => parts.join(''));
const anyWaiting: fc.Arbitrary<WaitingFor> = fc.record({
  kind: fc.constantFrom('approval', 'declare-lost', 'failed-step'),
  name: hostile,
  prompt: hostile,
  since: hostile,
  facts: fc.record({ estimateSeconds: fc.nat(), loss: hostile, warnings: fc.array(hostile, { maxLength: 20 }) }),
  answers: fc.array(
    fc.record({ message: fc.constantFrom('decide', 'retry'), payload: fc.record({ gate: hostile, by: hostile }) }),
    { maxLength: 4 },
  ),
});
const anyStep: fc.Arbitrary<StepState> = fc.record({
  id: hostile,
  status: fc.constantFrom('failed', 'running', 'done', 'pending'),
  error: fc.record({ code: hostile, message: hostile, attempts: fc.nat() }),
});

test('hostile texts everywhere: under 4,000 bytes, every fence is JSON and closed, no line begins anything of its own', () => {
  const input = fc.record({
    waitingFor: fc.array(anyWaiting, { maxLength: 6 }),
    steps: fc.array(anyStep, { maxLength: 8 }),
    rollback: fc.array(anyStep, { maxLength: 4 }),
    group: hostile,
    planHash: hostile,
    lastRefusal: hostile,
    because: hostile,
    title: hostile,
    startedAt: hostile,
  });
  fc.assert(
    fc.property(input, ({ title, ...texts }) => {
      const segments = failbackPlan.segments.map((segment) => ({ ...segment, title }));
      const ids = texts.steps.map(({ id }) => ({ ...failbackPlan.steps[0], id })) as typeof failbackPlan.steps;
      const plan = { ...failbackPlan, segments, steps: ids };
      const markdown = currentDetails({ status: status({ ...texts, verdict: 'aborted' }), plan, now });
      expectHarmless(markdown);
    }),
    { numRuns: 80 },
  );
});

function expectHarmless(markdown: string): void {
  expect(bytes(markdown)).toBeLessThan(4000);
  const outside = markdown.replace(/^```json\n.*\n```$/gm, '');
  expect(outside).not.toContain('```');
  expect(markdown).not.toMatch(/\{(?:workflowId|runId|namespace)\}/);
  fenced(markdown);
  // In a code span, which cannot be left without a backtick, nothing is obeyed.
  const prose = outside.replace(/`[^`\n]+`/g, ' ').replace(/&(?:amp|lt|gt|#\d+);|\\./g, ' ');
  expect(prose).not.toMatch(/[<>{}[\]`@]|:\/\//);
  for (const line of prose.split('\n'))
    expect(line).toMatch(
      /^(?: ?$|\*\*|\| |\|( --- \|)+$|- |Commit|Plan|Send|Steps|No plan|Next|Active|Replication|and )/,
    );
}

test('JSON in a fence is exactly the value, whatever it holds', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue(), { maxKeys: 4 }),
      hostile,
      (object, text) => {
        const payload = { ...object, text } as Parameters<typeof jsonBlock>[0];
        const block = jsonBlock(payload).text;
        expect(block.split('\n')).toHaveLength(3);
        expect(fenced(block)).toEqual([JSON.parse(JSON.stringify(payload))]);
      },
    ),
    { numRuns: 40 },
  );
});

const group = (more: Partial<ProtectionState> = {}): ProtectionState => ({
  group: 'shop',
  phase: 'ReverseProtected',
  activeSite: 'recovery',
  epoch: 5,
  highestEpoch: 6,
  replication: {
    direction: 'recovery-to-primary',
    paused: false,
    asOf: { orders: '2026-11-21T10:04:56.000Z' },
    lastPassAt: '2026-11-21T10:04:57.000Z',
  },
  fencing: { primary: 'fenced', recovery: 'unfenced' },
  runs: [],
  ...more,
});

describe('details of a group', () => {
  test('state, lag, and the workflow that may be started with its input', () => {
    const markdown = groupDetails(group(), now);
    expect(markdown).toContain('**`shop`: ReverseProtected**');
    expect(markdown).toContain('| `orders` | 2026-11-21T10:04:56.000Z | 4 s |');
    expect(markdown).toContain('Next: start a workflow of type `failback`');
    expect(markdown).toContain('Next: start a workflow of type `drill`');
    expect(fenced(markdown)).toEqual([{ runbook: 'shop' }, { runbook: 'shop' }]);
  });

  test('a lag that cannot be known is unknown, never a number', () => {
    const { replication } = group();
    const markdown = groupDetails(group({ replication: { ...replication, asOf: { orders: 'never' } } }), now);
    expect(markdown).toContain('| `orders` | never | unknown |');
  });

  test('who holds it, a breach, and what stopped where', () => {
    const run = { operation: 'failback', workflowId: 'failback/shop', runId: 'run-1' } as const;
    const held = groupDetails(group({ holder: { ...run, since }, breach: { since, lagSeconds: 75 } }), now);
    expect(held).toContain('**Held** by failback `failback/shop`');
    expect(held).toContain('**RPO breached** since 2026-11-21T10:00:00.000Z: lag 1 min 15 s');
    expect(held).not.toContain('Next:');
    const incomplete = { ...run, before: 'ReverseProtected', because: 'aborted' } as const;
    const stopped = groupDetails(group({ phase: 'Incomplete', incomplete }), now);
    expect(stopped).toContain('**Incomplete**: failback `failback/shop` stopped: aborted');
    expect(fenced(stopped)).toEqual([{ runbook: 'shop' }]);
  });

  test('hostile texts and many volumes: under 4,000 bytes, nothing forged', () => {
    const input = fc.record({
      group: hostile,
      asOf: fc.dictionary(hostile, hostile, { maxKeys: 40 }),
      text: hostile,
      workflowId: hostile,
    });
    fc.assert(
      fc.property(input, (texts) => {
        const { workflowId, text } = texts;
        const run = { operation: 'failback', workflowId, runId: text } as const;
        const state = group({
          group: texts.group,
          replication: { ...group().replication, asOf: texts.asOf, lastError: text, lastPassAt: text },
          breach: { since: text, lagSeconds: 1 },
          incomplete: { ...run, before: 'Protected', because: text },
          runs: Array.from({ length: 50 }, () => ({ ...run, verdict: 'aborted', startedAt: text, finishedAt: text })),
        });
        expectHarmless(groupDetails(state, now));
      }),
      { numRuns: 50 },
    );
  });
});
