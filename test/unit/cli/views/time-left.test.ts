import fc from 'fast-check';
import { progressOf, progressWords } from '../../../../cli/views/time-left';
import type { StepStatus } from '../../../../core/model/run';
import { criticalPathSeconds, estimateOf } from '../../../../core/planning/critical-path';
import { fixturePlan } from '../fixture-plan';
import { fixtureSnapshot } from '../fixture-run';

const total = criticalPathSeconds(fixturePlan.steps, estimateOf);
const [first] = fixturePlan.steps;
const last = fixturePlan.steps.at(-1);
if (first === undefined || last === undefined) throw new Error('the plan has steps');

test('before anything is done all of the work is left', () => {
  expect(progressOf(fixtureSnapshot({ [first.id]: 'pending' }))).toEqual({
    percent: 0,
    leftSeconds: fixturePlan.estimateSeconds,
    gateSeconds: 0,
  });
});

test('a running step counts down, and never below nothing', () => {
  const at = (seconds: number) =>
    progressOf(
      fixtureSnapshot(
        { 'final-sync/orders@alpha': 'running' },
        {},
        { now: new Date(Date.parse('2026-11-21T10:00:40.000Z') + seconds * 1000).toISOString() },
      ),
    )?.leftSeconds ?? NaN;
  const scale = fixturePlan.estimateSeconds / total;
  expect(at(0) - at(0.4)).toBeCloseTo(0.4 * scale);
  expect(at(0) - at(3600)).toBeCloseTo(1 * scale);
});

test('the time of people is told apart, and is no work', () => {
  const waiting = fixtureSnapshot({ 'approval/cutover': 'running' });
  const later = { ...waiting, now: '2026-11-21T11:00:40.000Z' };
  expect(progressOf(waiting)).toMatchObject({ gateSeconds: 20 });
  expect(progressOf(later)).toEqual({ ...progressOf(waiting), gateSeconds: 3600 });
});

test('what takes longer than it should is said to', () => {
  const late = fixtureSnapshot({ [last.id]: 'running' }, {}, { now: '2026-11-21T12:00:00.000Z' });
  expect(progressWords(progressOf(late))).toContain(', 99 %, longer than estimated');
});

test('nothing is said before there is a plan, and after the verdict', () => {
  expect(progressWords(progressOf({ ...fixtureSnapshot({}), plan: null }))).toBe('');
  expect(progressWords(progressOf(fixtureSnapshot({}, { phase: 'finished', verdict: 'completed' })))).toBe('');
});

test('whatever the steps are like it is never 100 % before the verdict', () => {
  const status = fc.constantFrom<StepStatus>(
    'pending',
    'running',
    'done',
    'failed',
    'skipped',
    'marked-done',
    'cancelled',
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...fixturePlan.steps.map(({ id }) => id)), status), (states) => {
      const { percent = 0, leftSeconds = -1 } = progressOf(fixtureSnapshot(states)) ?? {};
      expect(percent).toBeGreaterThanOrEqual(0);
      expect(percent).toBeLessThan(100);
      expect(leftSeconds).toBeGreaterThanOrEqual(0);
    }),
  );
  const all = Object.fromEntries(fixturePlan.steps.map(({ id }): [string, StepStatus] => [id, 'done']));
  expect(progressOf(fixtureSnapshot(all))?.percent).toBe(99);
});
