import type { RunEvent, StepResult } from '../../../core/model/run';
import { buildReport } from '../../../core/report/build-report';
import { currentDetails } from '../../../core/report/current-details';
import { quoted } from '../../../core/report/details/quoted';
import { renderMarkdown } from '../../../core/report/render-markdown';
import { compiled, inputFor } from '../planning/compiled';
import { parsedShop } from '../planning/shop';

const shop = parsedShop();
const hook = { kind: 'webhook', urlFrom: 'URL', timeoutSeconds: 1 } as const;
const place = { moment: 'before', phase: 'prepare' } as const;
const steps = [
  { name: 'look', place, action: { kind: 'manual', instructions: 'Look.', who: [] }, onFailure: 'fail' },
  { name: 'kept', place, action: hook, onFailure: 'fail' },
  { name: 'staying', place, action: hook, onFailure: 'fail', mayStay: true },
  { name: 'undone', place, action: hook, onFailure: 'fail', inverse: hook },
  { name: 'left', place, action: hook, onFailure: 'continue' },
] as const;
const operations = { ...shop.operations, failover: { ...shop.operations.failover, steps } };
const plan = compiled(inputFor({ ...shop, operations }, 'failover'));

const at = (second: number): string => `2026-12-05T22:00:0${second}.000Z`;
const result = (summary: string): StepResult => ({
  summary,
  facts: {},
  startedAt: at(1),
  finishedAt: at(2),
  attempt: 1,
  worker: 'w',
});
const decision = { gate: 'look', by: 'ana', at: at(2), via: 'update', planHash: plan.hash } as const;
const events: readonly RunEvent[] = [
  { at: at(0), kind: 'run-started', requestedBy: 'ana' },
  { at: at(0), kind: 'plan-pinned', hash: plan.hash },
  { at: at(1), kind: 'step-scheduled', step: 'manual-step/look' },
  { at: at(1), kind: 'gate-opened', gate: 'look', step: 'manual-step/look', prompt: 'look, by hand' },
  { at: at(2), kind: 'decision', decision: { ...decision, decision: 'failed', comment: 'not yet' } },
  { at: at(2), kind: 'gate-opened', gate: 'look', step: 'manual-step/look', prompt: 'look, by hand' },
  { at: at(3), kind: 'decision', decision: { ...decision, decision: 'done', evidence: 'https://x.test/7' } },
  { at: at(3), kind: 'gate-passed', gate: 'look', step: 'manual-step/look', saw: 'done by ana' },
  { at: at(3), kind: 'step-done', step: 'manual-step/look', result: result('done by ana') },
  ...['kept', 'staying', 'undone'].flatMap((name): RunEvent[] => [
    { at: at(3), kind: 'step-scheduled', step: `call-webhook/${name}` },
    { at: at(4), kind: 'step-done', step: `call-webhook/${name}`, result: result('URL answered 204') },
  ]),
  { at: at(5), kind: 'rollback-started', by: 'ana', reason: 'asked for' },
  { at: at(6), kind: 'compensation-scheduled', step: 'undo/call-webhook/undone' },
  { at: at(7), kind: 'compensation-done', step: 'undo/call-webhook/undone', result: result('URL answered 204') },
  { at: at(8), kind: 'run-finished', verdict: 'rolled-back', because: 'ana: asked for' },
];
const run = { workflowId: 'failover/shop', runId: 'run-1', group: 'shop', operation: 'failover' } as const;
const report = buildReport({ run, plan, events, verdict: 'rolled-back', because: 'ana: asked for' });

test('after a rollback the report names first what was done and has no inverse, and nothing that was undone, may stay or was never done', () => {
  const left = report.needsAttention.filter(({ what }) => what.includes('has no inverse'));
  expect(left.map(({ subject }) => subject).sort()).toEqual(['call-webhook/kept', 'manual-step/look']);
});

test('each time that a manual step was asked for is told, with who answered, what and with which proof', () => {
  expect(report.gates).toMatchObject([{ outcome: 'failed', saw: 'ana says that it failed' }, { outcome: 'passed' }]);
  const said = report.timeline.map(({ what }) => what);
  expect(said).toContain('ana failed to do look (update, claimed): not yet');
  expect(said).toContain('ana did look (update, claimed); evidence: https://x.test/7');
  expect(renderMarkdown(report)).toContain('evidence: https&#58;//x.test/7');
});

test.each([
  ['a line that would leave the quotation', 'one\n# two\n\n---', '> one\n> # two\n>\n> ---'],
  ['HTML', '<script>x</script> <https://x.test>', '> &lt;script>x&lt;/script> <https://x.test>'],
  ['a picture', '![x](https://x.test/x.png)', '> !\\[x](https://x.test/x.png)'],
  ['a placeholder of the Web UI', '{namespace}', '> &#123;namespace&#125;'],
  ['Markdown', '1. **look**\n2. `count`', '> 1. **look**\n> 2. `count`'],
])('instructions with %s are a quotation and nothing else', (_what, text, shown) => {
  expect(quoted(text, 1000).text).toBe(shown);
});

test('long instructions are cut at a line, and the details stay below their limit', () => {
  const long = Array.from({ length: 400 }, (_, index) => `${index}. do this with ünïcode`).join('\n');
  expect(Buffer.byteLength(quoted(long, 1000).text)).toBeLessThanOrEqual(1000);
  const waiting = {
    kind: 'manual-step',
    name: 'look',
    prompt: 'look, by hand',
    since: at(1),
    instructions: long,
    who: ['ana', 'bo'],
    answers: [{ message: 'decide', payload: { gate: 'look', by: 'ana', decision: 'done' } }],
  } as const;
  const status = {
    ...run,
    phase: 'waiting',
    committed: false,
    waitingFor: [waiting],
    steps: [],
    rollback: [],
    startedAt: at(0),
    children: [],
  } as const;
  const details = currentDetails({ status, plan, now: at(2) });
  expect(Buffer.byteLength(details)).toBeLessThan(4000);
  expect(details).toContain('To be done by ana or bo.');
  expect(details).toContain('> 0. do this');
  expect(details).toContain('the query `status` gives the rest');
  expect(details).toContain('{"gate":"look","by":"ana","decision":"done"}');
});
