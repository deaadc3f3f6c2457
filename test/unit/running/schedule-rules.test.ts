import { isFailure, pausedBecause } from '../../../core/running/schedule-rules';

test.each([
  ['completed', false],
  ['declined', false],
  ['expired', false],
  ['withdrawn', false],
  ['completed-with-issues', true],
  ['rolled-back', true],
  ['rollback-incomplete', true],
  ['aborted', true],
  ['refused', true],
] as const)('to a schedule, %s is a failure: %s', (verdict, failure) => {
  expect(isFailure(verdict)).toBe(failure);
});

test('the note of a paused schedule names the run and the reason, and is not long', () => {
  const note = pausedBecause('drill/shop/q-1', { verdict: 'rolled-back', because: 'web is sick '.repeat(100) });
  expect(note).toMatch(/^paused on failure: drill\/shop\/q-1 ended rolled-back: web is sick /);
  expect(note).toHaveLength(500);
});
