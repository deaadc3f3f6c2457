import type { RunEvent } from '../../../../core/model/run';
import { eventLine, titlesOf } from '../../../../cli/views/event-line';
import { fixturePlan } from '../fixture-plan';
import { rendered } from '../rendered';

const at = '2026-11-21T10:00:00.000Z';
const result = {
  summary: 'gone',
  facts: {},
  startedAt: at,
  finishedAt: '2026-11-21T10:00:02.000Z',
  attempt: 1,
  worker: 'w',
};
const error = { code: 'StopFailed', message: 'still there', attempts: 5 };
const step = 'stop-workload/web@beta';
const undo = 'undo/stop-workload/ledger@alpha';
const decision = { gate: 'cutover', by: 'ana', comment: 'ok', at, via: 'update', planHash: 'h' } as const;

const cases: readonly (readonly [RunEvent, string])[] = [
  [{ at, kind: 'run-started', requestedBy: 'ana', reason: 'fire' }, '▶ asked for by ana: fire'],
  [{ at, kind: 'plan-pinned', hash: 'c0ffee' }, '▶ plan c0ffee'],
  [{ at, kind: 'step-scheduled', step }, '▶ stop web at beta'],
  [{ at, kind: 'step-done', step, result }, '✓ stop web at beta: gone (2 s)'],
  [{ at, kind: 'step-failed', step, error }, '✗ stop web at beta: StopFailed: still there'],
  [{ at, kind: 'step-skipped', step, by: 'ana', reason: 'r' }, '! stop web at beta skipped by ana: r'],
  [
    { at, kind: 'step-marked-done', step, by: 'ana', reason: 'r' },
    '! stop web at beta marked as done by ana: r (only claimed)',
  ],
  [
    {
      at,
      kind: 'left-as',
      left: { observedAt: at, sites: [], records: [{ name: 'shop.test', values: ['127.0.2.1'] }] },
    },
    '! left as it is: shop.test leads to 127.0.2.1',
  ],
  [{ at, kind: 'gate-opened', gate: 'cutover', step, prompt: 'Move?' }, '◆ waits at gate cutover: Move?'],
  [{ at, kind: 'gate-passed', gate: 'cutover', step, saw: 'approved' }, '✓ gate cutover passed: approved'],
  [{ at, kind: 'decision', decision: { ...decision, decision: 'approve' } }, '✓ ana approved cutover: ok'],
  [{ at, kind: 'decision', decision: { ...decision, decision: 'decline' } }, '! ana declined cutover: ok'],
  [
    { at, kind: 'delegated', delegation: { gate: 'cutover', by: 'ana', to: 'bo', at } },
    '! ana lets bo decide at cutover',
  ],
  [
    { at, kind: 'delegated', delegation: { gate: 'cutover', by: 'ana', to: 'Ana', at } },
    '! ana decides again at cutover',
  ],
  [{ at, kind: 'message', name: 'pause', by: 'ana' }, '! pause by ana'],
  [{ at, kind: 'message-refused', name: 'skip', because: 'it guards data' }, '! skip refused: it guards data'],
  [{ at, kind: 'committed' }, '✓ commit point passed: from here on only forward'],
  [{ at, kind: 'rollback-started', by: 'ana', reason: 'r' }, '! rolling back, asked for by ana: r'],
  [{ at, kind: 'compensation-scheduled', step: undo }, '▶ undo: stop ledger at alpha'],
  [{ at, kind: 'compensation-done', step: undo, result }, '✓ undo: stop ledger at alpha: gone (2 s)'],
  [{ at, kind: 'compensation-failed', step: undo, error }, '✗ stop ledger at alpha: StopFailed: still there'],
  [{ at, kind: 'run-finished', verdict: 'declined', because: 'ana: no' }, 'declined: ana: no'],
];

test.each(cases)('%j', (event, text) => {
  const line = rendered([eventLine(event, titlesOf(fixturePlan)) ?? []]);
  expect(line).toMatch(/^\d\d:\d\d:\d\d /);
  expect(line.slice(9)).toBe(text);
});

test('before there is a plan a step goes by its id', () => {
  expect(rendered([eventLine({ at, kind: 'step-scheduled', step }, titlesOf(null)) ?? []])).toContain(step);
});

test('barriers are nobody’s business', () => {
  expect(eventLine({ at, kind: 'step-scheduled', step: 'barrier/verify' }, titlesOf(fixturePlan))).toBeUndefined();
});
