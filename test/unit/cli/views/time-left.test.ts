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

const syncing = (seconds: number, estimate: object = {}) => {
  const now = new Date(Date.parse('2026-11-21T10:00:40.000Z') + seconds * 1000).toISOString();
  const snapshot = fixtureSnapshot({ 'final-sync/orders@alpha': 'running' }, {}, { now });
  return progressOf({ ...snapshot, plan: { ...fixturePlan, ...estimate } });
};

/** All steps before the sync were at work in the same second and a half. */
const BEFORE = 1.5;

test('what is left is the estimate without the work so far, as long as its steps alone do not take longer', () => {
  const long = { estimateSeconds: 600, earlierRuns: 5 };
  expect(syncing(300, long)).toMatchObject({ leftSeconds: 300, percent: 50, earlierRuns: 5 });
  expect(syncing(0.5)?.leftSeconds).toBeCloseTo(fixturePlan.estimateSeconds - BEFORE);
  const chain = syncing(3600)?.leftSeconds ?? NaN;
  expect(chain).toBeGreaterThan(0);
  expect(chain).toBeLessThan(total);
  expect(syncing(7200)?.leftSeconds).toBe(chain);
});

test('says which runs the estimate is from', () => {
  const words = (estimate: object) => progressWords(syncing(300, estimate));
  expect(words({ estimateSeconds: 600, earlierRuns: 5 })).toContain(
    ', 50 %, about 5 min of work left (from 5 earlier runs)',
  );
  expect(words({ estimateSeconds: 600 })).toMatch(/, about 5 min of work left, \d+ s at gates$/);
});

test('as time passes the share of the work that is done never falls, and what is left never grows', () => {
  const moments = fc.tuple(fc.nat(4000), fc.nat(4000), fc.integer({ min: 0, max: 2000 }));
  fc.assert(
    fc.property(moments, ([one, other, estimateSeconds]) => {
      const [sooner, later] = [Math.min(one, other), Math.max(one, other)].map((s) => syncing(s, { estimateSeconds }));
      expect(later?.percent ?? -1).toBeGreaterThanOrEqual(sooner?.percent ?? 0);
      expect(later?.leftSeconds ?? Infinity).toBeLessThanOrEqual(sooner?.leftSeconds ?? -1);
    }),
  );
});

test('the time of people is told apart, and is no work', () => {
  const waiting = fixtureSnapshot({ 'approval/cutover': 'running' });
  const later = { ...waiting, now: '2026-11-21T11:00:40.000Z' };
  expect(progressOf(waiting)).toMatchObject({ gateSeconds: 20 });
  expect(progressOf(later)).toEqual({ ...progressOf(waiting), gateSeconds: 3600 });
});

test('a copy that is held for people is no work, for however long', () => {
  const steps = fixturePlan.steps.map((step) =>
    step.id === 'approval/cutover' ? { ...step, kind: 'hold-drill' as const, input: { seconds: 86_400 } } : step,
  );
  const held = { ...fixtureSnapshot({ 'approval/cutover': 'running' }), plan: { ...fixturePlan, steps } };
  expect(progressOf(held)).toEqual(progressOf(fixtureSnapshot({ 'approval/cutover': 'running' })));
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
      const { percent = 0, leftSeconds = 0 } = progressOf(fixtureSnapshot(states)) ?? {};
      expect(percent).toBeGreaterThanOrEqual(0);
      expect(percent).toBeLessThan(100);
      expect(leftSeconds).toBeGreaterThanOrEqual(0);
    }),
  );
  const all = Object.fromEntries(fixturePlan.steps.map(({ id }): [string, StepStatus] => [id, 'done']));
  expect(progressOf(fixtureSnapshot(all))?.percent).toBe(99);
  expect(progressWords(progressOf(fixtureSnapshot(all)))).toContain(', 99 %, no work left');
});
