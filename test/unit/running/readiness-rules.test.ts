import type { ProtectionState } from '../../../core/model/protection';
import type { Readiness } from '../../../core/model/readiness';
import { evaluated, evaluationFailed } from '../../../core/running/readiness-rules';

const before: Readiness = {
  state: 'NotReady',
  reasons: [
    { code: 'PartMissing', severity: 'error', subject: 'web', what: 'gone', doThis: 'put it there', since: 'then' },
  ],
  evaluatedAt: '2026-11-29T10:00:00.000Z',
  tookSeconds: 2,
};
const now = '2026-11-29T10:05:00.000Z';
const error = (code: string) => ({ code, message: 'why', attempts: 1 });

test('an evaluation without an end keeps what was found before, as old as it is, and is a reason of its own', () => {
  const failed = evaluationFailed({ group: 'shop', readiness: before }, error('StepTimedOut'), now);
  expect(failed).toMatchObject({ state: 'NotReady', evaluatedAt: before.evaluatedAt });
  expect(failed.reasons.map(({ code }) => code)).toEqual(['PartMissing', 'EvaluationFailed']);
  const again = evaluationFailed({ group: 'shop', readiness: failed }, error('NoWorker'), '2026-11-29T10:10:00.000Z');
  expect(again.reasons.map(({ code, since }) => [code, since])).toEqual([
    ['PartMissing', 'then'],
    ['EvaluationFailed', now],
  ]);
});

test('the first one without an end is at risk, and a runbook that cannot be used not ready', () => {
  expect(evaluationFailed({ group: 'shop' }, error('StepFailed'), now)).toMatchObject({
    state: 'AtRisk',
    evaluatedAt: now,
  });
  for (const code of ['InvalidRunbook', 'UnknownRunbook']) {
    const { state, reasons } = evaluationFailed({ group: 'shop' }, error(code), now);
    expect([state, reasons[0]?.code]).toEqual(['NotReady', 'RunbookUnusable']);
  }
});

test('what is found while a run holds the group is not kept', () => {
  const state = { group: 'shop' } as ProtectionState;
  const held = { ...state, holder: { workflowId: 'f', runId: 'r', operation: 'failover', since: now } } as const;
  expect(evaluated(state, before)).toEqual({ ...state, readiness: before });
  expect(evaluated(held, before)).toBe(held);
});
