import type { RunEvent, StepResult } from '../../../core/model/run';
import { buildReport } from '../../../core/report/build-report';
import { compiled, inputFor } from '../planning/compiled';
import { parsedShop } from '../planning/shop';

const shop = parsedShop();
const night = {
  kind: 'window',
  name: 'night',
  start: '2026-12-05T22:00',
  durationSeconds: 60,
  timeZone: 'UTC',
} as const;
const operations = { ...shop.operations, failback: { ...shop.operations.failback, gates: [night] } };
const plan = compiled(inputFor({ ...shop, operations }, 'failback'));
const work = plan.steps.find(({ kind }) => kind === 'stop-workload')?.id ?? '';
const gate = plan.steps.find(({ kind }) => kind === 'window')?.id ?? '';

const at = (minute: number, second = 0): string => new Date(Date.UTC(2026, 11, 5, 22, minute, second)).toISOString();

const passed = (minute: number, closes: number): RunEvent => ({
  at: at(minute),
  kind: 'gate-passed',
  gate: 'night',
  step: gate,
  saw: 'open',
  closesAt: at(closes),
});

function attention(events: readonly RunEvent[]): readonly string[] {
  const run = { workflowId: 'failback/shop/1', runId: 'r', group: 'shop', operation: 'failback' } as const;
  const report = buildReport({ run, plan, events, verdict: 'completed', because: 'x' });
  return report.needsAttention.filter(({ kind }) => kind === 'window').map(({ what }) => what);
}

const result = (minute: number, second: number): StepResult => ({
  summary: 'stopped',
  facts: {},
  startedAt: at(0),
  finishedAt: at(minute, second),
  attempt: 1,
  worker: 'w',
});

const worked = (minute: number, second: number): readonly RunEvent[] => [
  { at: at(0), kind: 'step-scheduled', step: work },
  { at: at(minute, second), kind: 'step-done', step: work, result: result(minute, second) },
  { at: at(30), kind: 'run-finished', verdict: 'completed', because: 'x' },
];

test('a window that closed while steps still ran is named, with how long they took beyond it', () => {
  expect(attention([passed(0, 1), ...worked(2, 30)])).toEqual([
    `maintenance window "night" closed at ${at(1)}; the last step ended 1 min 30 s after that`,
  ]);
});

test('one that was open until the last step ended is not; people who take their time afterwards overrun nothing', () => {
  expect(attention([passed(0, 5), ...worked(2, 30)])).toEqual([]);
});

test('of a window that was waited for again, the last opening counts', () => {
  expect(attention([passed(0, 1), passed(2, 10), ...worked(3, 0)])).toEqual([]);
});
