import fc from 'fast-check';
import { buildReport } from '../../../../core/report/build-report';
import { clockText } from '../../../../core/report/html/picture/clock-text';
import { pictureOf, type PictureRow } from '../../../../core/report/html/picture/picture-rows';
import { timeAxis } from '../../../../core/report/html/picture/time-axis';
import { union } from '../../../../core/report/history/intervals';
import { plannedFailback, plannedFailbackRetried, rolledBack, scenarios } from '../scenarios';

const width = 600;
const stretch = fc
  .tuple(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 1, max: 100_000 }))
  .map(([start, length]) => ({ start, end: start + length }));

test('later is never drawn further left, and everything is within the picture', () => {
  fc.assert(
    fc.property(stretch, fc.array(stretch), fc.array(fc.integer({ min: 0, max: 200_000 })), (span, waits, instants) => {
      const axis = timeAxis(span, union(waits), width);
      const inside = [...instants, span.start, span.end]
        .map((ms) => Math.min(span.end, Math.max(span.start, ms)))
        .sort((left, right) => left - right);
      const drawn = inside.map((ms) => axis.x(ms));
      expect([...drawn].sort((left, right) => left - right)).toEqual(drawn);
      expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...drawn)).toBeLessThanOrEqual(width + 1e-6);
      expect(axis.x(span.end)).toBeCloseTo(width);
    }),
  );
});

test('three hours of waiting do not hide three seconds of work', () => {
  const span = { start: 0, end: 3 * 3_600_000 + 3_000 };
  const axis = timeAxis(span, [{ start: 1_000, end: span.end - 2_000 }], width);
  expect(axis.folds).toEqual([expect.objectContaining({ seconds: 3 * 3600 })]);
  expect(axis.x(1_000) - axis.x(0)).toBeGreaterThan(width / 5);
  expect(axis.x(span.end) - axis.x(span.end - 2_000)).toBeGreaterThan(width / 3);
});

test('a wait that is short beside the work is drawn as long as it was', () => {
  const axis = timeAxis({ start: 0, end: 10_000 }, [{ start: 4_000, end: 6_000 }], width);
  expect(axis.folds).toEqual([]);
  expect(axis.x(6_000) - axis.x(4_000)).toBeCloseTo(width / 5);
});

test('ticks are round, and none is within a fold', () => {
  const axis = timeAxis({ start: 500, end: 100_500 }, [{ start: 10_500, end: 95_500 }], width);
  const [fold] = axis.folds;
  expect(axis.ticks.length).toBeGreaterThan(2);
  for (const { x, seconds } of axis.ticks) {
    expect(seconds % 1).toBe(0);
    expect(x <= (fold?.x ?? 0) + 1e-6 || x >= (fold?.x ?? 0) + (fold?.width ?? 0) - 1e-6).toBe(true);
  }
});

test.each([
  [0, '0'],
  [0.5, '0.5 s'],
  [12, '12 s'],
  [59.96, '1:00'],
  [93.5, '1:33.5'],
  [185, '3:05'],
  [7230, '2:00:30'],
])('%d s are shown as %s', (seconds, shown) => {
  expect(clockText(seconds)).toBe(shown);
});

const rowsOf = (input: Parameters<typeof buildReport>[0]): readonly PictureRow[] =>
  pictureOf(buildReport(input))?.groups.flatMap(({ rows }) => rows) ?? [];

test.each(Object.entries(scenarios))('%s: bars begin with their step, end with it, and leave no gap', (_, input) => {
  const report = buildReport(input);
  const steps = new Map(report.steps.map((step) => [step.title, step]));
  for (const { label, bars } of pictureOf(report)?.groups.flatMap(({ rows }) => rows) ?? []) {
    for (const [index, { start, end }] of bars.entries()) {
      expect(end).toBeGreaterThanOrEqual(start);
      expect(start).toBe(bars[index - 1]?.end ?? start);
    }
    const scheduled = steps.get(label)?.scheduledAt;
    if (scheduled !== undefined && steps.size === report.steps.length)
      expect(bars[0]?.start).toBe(Date.parse(scheduled));
  }
});

test('work is as long as its worker measured, whatever its clock says; the rest is the own share of the orchestrator', () => {
  const bars = rowsOf(plannedFailback).find(({ label }) => label === 'final sync orders')?.bars ?? [];
  const lengthOf = (look: string): number =>
    bars.filter((bar) => bar.look === look).reduce((sum, { start, end }) => sum + end - start, 0);
  expect(lengthOf('work')).toBe(800);
  expect(lengthOf('own')).toBe(10);
});

test('a step that a person had tried again shows the failed try, the wait for the answer, and the try that went well', () => {
  const row = rowsOf(plannedFailbackRetried).find(({ bars }) => bars.some(({ look }) => look === 'failed'));
  expect(row).toMatchObject({ status: 'done', attempts: 2 });
  const waits = row?.bars.filter(({ look }) => look === 'people') ?? [];
  expect(waits.map(({ start, end }) => end - start)).toEqual([20_000]);
});

test('a failed step is followed by the wait for the person who rolled back, and the rollback is a group of its own', () => {
  const picture = pictureOf(buildReport(rolledBack));
  const failed = rowsOf(rolledBack).find(({ status, label }) => status === 'failed' && label.startsWith('final sync'));
  expect(failed?.bars.map(({ look }) => look)).toEqual(['failed', 'people']);
  expect(picture?.groups.at(-1)?.title).toBe('Rollback');
});

test('of a plan with more steps than anybody can look at, a row stands for a group', () => {
  const report = buildReport(plannedFailback);
  const [first] = report.steps;
  if (first === undefined) throw new Error('the scenario has steps');
  const many = Array.from({ length: 200 }, (_, index) => ({ ...first, id: `${first.id}-${index}` }));
  const picture = pictureOf({ ...report, steps: [...report.steps, ...many] });
  expect(picture?.groups.flatMap(({ rows }) => rows)).toEqual([]);
  expect(picture?.groups.length).toBeGreaterThan(5);
});
