import { exitCodeOfFailure, exitMeanings } from '../../../cli/exit-code';
import { failureCodes } from '../../../core/model/failure-codes';
import { exitCodeOf, exitCodes } from '../../../core/model/verdict';

test.each([
  ['UnknownRunbook', 3],
  ['RunNotFound', 3],
  ['GroupBusy', 4],
  ['WrongState', 4],
  ['PrecheckFailed', 4],
  ['PlanChanged', 4],
  ['GateDeclined', 2],
  ['WindowClosed', 2],
  ['TemporalUnavailable', 7],
  ['NoWorker', 7],
  ['StepFailed', 1],
  ['SomethingNew', 1],
])('a failure with the code %s ends with %i', (code, exitCode) => {
  expect(exitCodeOfFailure(code)).toBe(exitCode);
});

test('no failure ends with 0', () => {
  for (const code of Object.keys(failureCodes)) expect(exitCodeOfFailure(code)).toBeGreaterThan(0);
});

test.each([
  ['completed', 0],
  ['completed-with-issues', 1],
  ['declined', 2],
  ['rolled-back', 5],
  ['rollback-incomplete', 1],
  ['aborted', 6],
  ['refused', 4],
] as const)('the verdict %s ends with %i', (verdict, exitCode) => {
  expect(exitCodeOf(verdict)).toBe(exitCode);
});

test('every exit code is explained in the reference', () => {
  expect(Object.keys(exitMeanings).sort()).toEqual(Object.keys(exitCodes).sort());
});
