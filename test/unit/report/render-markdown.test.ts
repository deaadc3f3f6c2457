import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildReport } from '../../../core/report/build-report';
import { renderMarkdown } from '../../../core/report/render-markdown';
import type { RunEvent } from '../../../core/model/run';
import { plannedFailback, rolledBack, scenarios } from './scenarios';
import { failbackPlan } from './shop-plan';

/** `UPDATE_GOLDEN=1 npx jest --selectProjects unit -- test/unit/report` writes the files anew. */
const update = process.env['UPDATE_GOLDEN'] === '1';

test.each(Object.entries(scenarios))('%s reads as its golden file', (name, input) => {
  const file = path.join(__dirname, 'golden', `${name.replace(/[^a-z]+/g, '-')}.md.golden`);
  const markdown = renderMarkdown(buildReport(input));
  if (update) writeFileSync(file, markdown);
  expect(markdown).toBe(readFileSync(file, 'utf8'));
});

test('the first screen answers what ran, how it ended, what it cost and what needs a person', () => {
  const screen = renderMarkdown(buildReport(rolledBack)).split('\n').slice(0, 30).join('\n');
  for (const question of [
    'What ran',
    'Verdict',
    'Recovery time',
    'Service interruption',
    'Data loss',
    'Needs attention',
  ]) {
    expect(screen).toContain(question);
  }
  expect(screen.indexOf('failed compensation')).toBeLessThan(screen.indexOf('Verdict'));
});

/** Forged headings, links, fences, HTML, table cells and mermaid statements. */
const hostile = [
  '\n# Approved\n',
  '[click](http://evil.example)',
  '<script>alert(1)</script>',
  '`|` a | b |',
  '```\n```mermaid\nclick a href "http://evil.example"',
  '{workflowId}',
].join(' ');

test('no text from outside can forge structure anywhere in the document', () => {
  const poisoned = JSON.parse(
    JSON.stringify({ ...plannedFailback, plan: { ...failbackPlan } }, (key, value: unknown) =>
      [
        'summary',
        'reason',
        'by',
        'comment',
        'prompt',
        'saw',
        'because',
        'title',
        'description',
        'requestedBy',
      ].includes(key)
        ? hostile
        : value,
    ),
  ) as typeof plannedFailback;
  const refusal: RunEvent = { at: 'x | <b>', kind: 'message-refused', name: hostile, because: hostile };
  const markdown = renderMarkdown(buildReport({ ...poisoned, events: [...poisoned.events, refusal] }));
  const lines = markdown.split('\n');
  expect(lines.filter((line) => /^#{1,6} /.test(line))).toEqual([
    '# failback of shop: completed',
    ...[
      'Timeline',
      'Gantt',
      'Gates and decisions',
      'Data',
      'Segments',
      'Steps',
      'Critical path',
      'Prechecks',
      'Plan',
    ].map((heading) => `## ${heading}`),
  ]);
  expect(lines.filter((line) => line.startsWith('```'))).toEqual(['```mermaid', '```']);
  expect(markdown).not.toMatch(/<(?!br>)|(?<!\\)\]\(|:\/\/|\{workflowId\}/);
  const tables = lines.filter((line) => line.startsWith('|'));
  const cells = tables.map((line) => line.split('|').length);
  tables.forEach((line, index) => {
    if (line.startsWith('| ---')) expect(cells[index - 1]).toBe(cells[index]);
  });
  expect(lines.filter((line) => /^\s*click\b/.test(line))).toEqual([]);
});

test('a plan of thousands of steps is folded, failures are not', () => {
  const wide = failbackPlan.steps.flatMap((step) =>
    Array.from({ length: 300 }, (_, index) => ({ ...step, id: `${step.id}-${index}`, dependsOn: [] })),
  );
  const last = wide.at(-1)?.id ?? '';
  const events: RunEvent[] = [
    ...wide.slice(0, -1).map(({ id: step }) => {
      const at = '2026-11-21T10:00:00.000Z';
      const result = { summary: 'fine', facts: {}, startedAt: at, finishedAt: at, attempt: 1, worker: 'worker-1' };
      return { at, kind: 'step-done' as const, step, result };
    }),
    {
      at: '2026-11-21T10:00:01.000Z',
      kind: 'step-failed',
      step: last,
      error: { code: 'StopFailed', message: 'the odd one out', attempts: 3 },
    },
  ];
  const markdown = renderMarkdown(buildReport({ ...plannedFailback, plan: { ...failbackPlan, steps: wide }, events }));
  expect(markdown.split('\n').length).toBeLessThan(600);
  expect(markdown.slice(markdown.indexOf('## Steps'))).toContain('the odd one out');
  expect(markdown).toContain('more rows are in the JSON of this report');
});
