import fc from 'fast-check';
import { policyPhases, type FailurePolicy, type PolicyPhase } from '../../../core/model/failure-policy';
import type { RecoveryPlan } from '../../../core/model/plan';
import { traitsOf, type StepKind } from '../../../core/model/step-kinds';
import { answerTo, policyFor, type FailureAnswer } from '../../../core/running/failure-rules';
import { continuedRun } from '../../../core/running/continued-run';
import { arbitraryPlan } from '../planning/compiled';
import { forward } from '../planning/graph';

const stepOf = (kind: StepKind) => ({ id: 'one', kind, title: 'one', segment: 's', dependsOn: [], input: {} });
const policy = (then: FailurePolicy['then'], retries = 0): FailurePolicy => ({ retries, everySeconds: 10, then });
const before = { failures: 1, committing: false };

type Case = readonly [string, FailurePolicy, StepKind, { failures: number; committing: boolean }, FailureAnswer];

test.each<Case>([
  ['ask asks', policy('ask'), 'start-workload', before, 'ask'],
  ['the first failure is tried again', policy('ask', 2), 'start-workload', before, 'retry'],
  ['and the second', policy('ask', 2), 'start-workload', { ...before, failures: 2 }, 'retry'],
  ['after that a person is asked', policy('ask', 2), 'start-workload', { ...before, failures: 3 }, 'ask'],
  ['what guards is tried again as well', policy('rollback', 1), 'final-sync', before, 'retry'],
  ['then rolled back', policy('rollback', 1), 'final-sync', { ...before, failures: 2 }, 'rollback'],
  ['no rollback once the commit was begun', policy('rollback'), 'final-sync', { ...before, committing: true }, 'ask'],
  ['continue leaves out', policy('continue'), 'lower-ttl', before, 'continue'],
  ['continue never leaves out what guards', policy('continue'), 'check-health', before, 'ask'],
])('%s', (...[, given, kind, at, answer]) => {
  expect(answerTo(given, { step: stepOf(kind), ...at })).toBe(answer);
});

test('no policy whatsoever leaves out what guards data or fencing', () => {
  const kinds = fc.constantFrom<StepKind>('final-sync', 'fence-site', 'stop-workload', 'check-health', 'commit');
  const policies = fc.record({
    retries: fc.nat(3),
    everySeconds: fc.nat(3),
    then: fc.constantFrom('ask' as const, 'rollback' as const, 'continue' as const),
  });
  fc.assert(
    fc.property(kinds, policies, fc.integer({ min: 1, max: 9 }), fc.boolean(), (kind, given, failures, committing) => {
      expect(answerTo(given, { step: stepOf(kind), failures, committing })).not.toBe('continue');
    }),
  );
});

test('the policy of a phase is that of its steps; of the others, what onFailure says', () => {
  const [plan] = fc.sample(
    arbitraryPlan.filter(({ operation }) => operation === 'failover'),
    1,
  ) as [RecoveryPlan];
  const operations = plan.runbook.operations;
  const failover = {
    ...operations.failover,
    onFailure: 'rollback' as const,
    failurePolicy: { start: policy('ask', 3) },
  };
  const given = { ...plan, runbook: { ...plan.runbook, operations: { ...operations, failover } } };
  for (const step of plan.steps) {
    const phase = plan.segments.find(({ id }) => id === step.segment)?.phase;
    const { onFailure: own } = step.input;
    expect(policyFor(given, step)).toEqual(
      phase === 'start' ? policy(own ?? 'ask', 3) : { retries: 0, everySeconds: 0, then: own ?? 'rollback' },
    );
  }
});

test('the table says where a policy is possible: as the plans are, none of which has more', () => {
  const seen = new Map<PolicyPhase, { rollback: boolean; continue: boolean }>();
  for (const plan of fc.sample(arbitraryPlan, { numRuns: 300, seed: 7 })) {
    const graph = forward(plan);
    // What a runbook adds says of itself what may follow.
    const own = plan.steps.filter(({ kind, input }) => kind !== 'barrier' && !input.hook && !input.manual);
    for (const step of own) {
      const phase = plan.segments.find(({ id }) => id === step.segment)?.phase;
      if (phase === undefined || phase === 'gates') continue;
      const known = seen.get(phase) ?? { rollback: false, continue: false };
      const afterCommit = step.id === plan.commitStep || graph.ancestors(step.id).has(plan.commitStep);
      seen.set(phase, {
        rollback: known.rollback || !afterCommit,
        continue: known.continue || !traitsOf(step.kind).guards,
      });
    }
  }
  expect(Object.fromEntries([...seen].sort())).toEqual(Object.fromEntries(Object.entries(policyPhases).sort()));
});

test('a step of a batch that was left out stays left out, though the batch tells of its failure later', () => {
  const at = (second: number) => `2026-12-05T22:00:0${second}.000Z`;
  const error = { code: 'StepFailed', message: 'no', attempts: 1 };
  const { known } = continuedRun([
    { at: at(3), kind: 'step-skipped', step: 'a', by: 'ana', reason: 'r' },
    { at: at(1), kind: 'step-scheduled', step: 'a' },
    { at: at(2), kind: 'step-failed', step: 'a', error },
  ]);
  expect(known.get('a')?.status).toBe('skipped');
});
