import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import type { HookObservation } from '../../../core/model/observation';
import type { Operation } from '../../../core/model/operation';
import { parseRunbook } from '../../../core/runbook/parse-runbook';
import { compiled, inputFor } from './compiled';
import { Graph } from './graph';

const yamlOf = (page: string): object[] =>
  [...readFileSync(path.join(__dirname, '../../../docs', page), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map(
    ([, block = '']) => (parse(block) ?? {}) as object,
  );

function planOf(page: string, operation: Operation, ...seen: readonly (HookObservation | undefined)[]) {
  const [wiki = {}] = yamlOf('how-to-write-a-runbook.md').filter((block) => 'switchback' in block);
  const [part = {}] = yamlOf(page);
  const parsed = parseRunbook(stringify({ ...wiki, ...part }), page);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  const input = inputFor(parsed.runbook, operation);
  if (seen.length === 0) return compiled(input);
  const { hooks: _all, ...observation } = input.observation;
  return compiled({ ...input, observation: { ...observation, ...(seen[0] && { hooks: seen[0] }) } });
}

test('the hooks of the how-to are where the page says', () => {
  const plan = planOf('how-to-run-hooks.md', 'failover');
  const graph = new Graph(plan.steps);
  const [freeze, warm, tell] = graph.ofKind('run-command', 'call-webhook');
  expect([freeze?.id, warm?.id, tell?.id]).toEqual([
    'run-command/freeze-deploys@beta',
    'run-command/warm-cache@beta',
    'call-webhook/tell-billing',
  ]);
  expect(graph.ancestors('pause-replication/wiki')).toContain(freeze?.id);
  expect(graph.ancestors(warm?.id ?? '')).toContain('check-health/web@beta');
  expect(graph.ancestors(plan.commitStep)).toContain(tell?.id);
  const undo = plan.rollback.filter(({ kind }) => kind === 'run-command');
  expect(undo).toMatchObject([
    { compensates: [freeze?.id], input: { hook: { command: ['/opt/dr/freeze-deploys', 'off'] } } },
  ]);
  expect(plan.prechecks.filter(({ code }) => ['CommandsAllowed', 'WebhooksReady'].includes(code))).toMatchObject([
    { severity: 'ok' },
    { severity: 'ok' },
  ]);
});

test('the manual step of the how-to comes before traffic, and names the people of its group', () => {
  const plan = planOf('how-to-add-manual-steps.md', 'failback');
  const graph = new Graph(plan.steps);
  const [look] = graph.ofKind('manual-step');
  expect(look?.input.manual).toMatchObject({ who: ['ana@example.com', 'bo@example.com'], withinSeconds: 1800 });
  for (const move of graph.ofKind('switch-traffic')) expect(graph.ancestors(move.id)).toContain(look?.id);
});

test.each([
  [
    'a worker that does not answer',
    { refusedCommands: { primary: {} }, missingVariables: [] },
    { CommandsAllowed: 'the worker of beta does not say whether it may run /opt/dr/freeze-deploys' },
  ],
  [
    'a refusal of the site that does not run it',
    { refusedCommands: { primary: { '/opt/dr/warm-cache': 'no' }, recovery: {} }, missingVariables: [] },
    {},
  ],
  [
    'a refusal',
    { refusedCommands: { primary: {}, recovery: { '/opt/dr/warm-cache': 'not on the list' } }, missingVariables: [] },
    { CommandsAllowed: 'beta: not on the list' },
  ],
  [
    'a variable that is not set, and one that nobody needs',
    { refusedCommands: { primary: {}, recovery: {} }, missingVariables: ['BILLING_SECRET', 'OTHER'] },
    { WebhooksReady: 'set BILLING_SECRET where the worker of the control queue runs' },
  ],
  ['a look that was not made', undefined, { CommandsAllowed: 'does not say', WebhooksReady: 'set BILLING_URL' }],
])('%s is what the prechecks of hooks say', (_what, hooks, errors: Readonly<Record<string, string>>) => {
  const found = planOf('how-to-run-hooks.md', 'failover', hooks).prechecks.filter(
    ({ severity }) => severity === 'error',
  );
  expect(found.map(({ code }) => code)).toEqual(Object.keys(errors));
  for (const { code, saw } of found) expect(saw).toContain(errors[code]);
});
