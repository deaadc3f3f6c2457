import fc from 'fast-check';
import type { AddedAction, AddedStep, AddedStepPhase, HookAction, StepPlace } from '../../../core/model/added-step';
import type { Operation } from '../../../core/model/operation';
import type { WorkloadSpec } from '../../../core/model/workload';

/** What the places of steps follow from. */
export interface StepGround {
  readonly operation: Operation;
  readonly workloads: readonly WorkloadSpec[];
  readonly records: boolean;
  readonly startOrder: boolean;
  readonly stopOrder: boolean;
}

const phasesOf: Readonly<Record<Operation, readonly AddedStepPhase[]>> = {
  failover: ['prepare', 'stop', 'data', 'start', 'traffic', 'commit', 'finish'],
  reprotect: ['stop', 'data', 'commit', 'replicate'],
  failback: ['prepare', 'stop', 'data', 'start', 'traffic', 'commit', 'replicate', 'finish'],
  drill: [],
};

const hook: fc.Arbitrary<HookAction> = fc.oneof(
  fc.record({
    kind: fc.constant('command' as const),
    command: fc.constantFrom(['/usr/bin/true'], ['/opt/hooks/freeze', 'on', '--now']),
    timeoutSeconds: fc.integer({ min: 1, max: 3600 }),
  }),
  fc.constant({ kind: 'webhook' as const, urlFrom: 'BILLING_URL', secretFrom: 'BILLING_SECRET', timeoutSeconds: 10 }),
);

const manual = fc.constant({
  kind: 'manual' as const,
  instructions: 'Look at **it**.',
  who: ['ana@example.com'],
  withinSeconds: 1800,
});

const action: fc.Arbitrary<AddedAction> = fc.oneof(hook, manual);

function place({ operation, workloads, ...ground }: StepGround): fc.Arbitrary<StepPlace> {
  const phases = phasesOf[operation].filter((phase) => ground.records || !['traffic', 'finish'].includes(phase));
  return fc.constantFrom(...phases).chain((phase) => {
    const parts: object[] = [{}];
    if (phase === 'stop' || phase === 'start') {
      parts.push(...workloads.map(({ name }) => ({ workload: name })));
      if (!ground[`${phase}Order`]) parts.push(...workloads.map(({ priority }) => ({ priority })));
    }
    return fc
      .record({ moment: fc.constantFrom('before' as const, 'after' as const), part: fc.constantFrom(...parts) })
      .map(({ moment, part }) => ({ moment, phase, ...part }));
  });
}

const isLate = ({ moment, phase }: StepPlace): boolean =>
  ['replicate', 'finish'].includes(phase) || (phase === 'commit' && moment === 'after');

/** Steps that a runbook adds at places that the operation has, with and without inverses. */
export const arbitrarySteps = (ground: StepGround): fc.Arbitrary<readonly AddedStep[]> =>
  fc
    .array(
      fc.record({
        place: place(ground),
        action,
        inverse: fc.option(hook, { nil: undefined }),
        onFailure: fc.constantFrom('fail' as const, 'ask' as const, 'continue' as const),
        site: fc.constantFrom(undefined, 'primary' as const, 'recovery' as const),
      }),
      { maxLength: 5 },
    )
    .map((steps) =>
      steps.map(({ inverse, site, ...step }, index): AddedStep => {
        const undone = isLate(step.place) ? undefined : inverse;
        const runs = [step.action, undone].some((one) => one?.kind === 'command');
        // An unplanned failover stops nothing, and what runs at a site that is lost cannot be done.
        const needsPrimary = step.place.phase === 'stop' || (runs && site === 'primary');
        const plannedOnly = ground.operation === 'failover' && needsPrimary;
        return {
          ...step,
          name: `step-${index + 1}`,
          ...(undone && { inverse: undone }),
          ...(site !== undefined && runs && { site }),
          ...(plannedOnly && { mode: 'planned' as const }),
        };
      }),
    );
