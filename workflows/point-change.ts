import { CancellationScope, continueAsNew } from '@temporalio/workflow';
import type { RecoveryPlan } from '../core/model/plan';
import type { StepState } from '../core/model/run';
import { declarationIn, leftBegun, type PointChange } from '../core/running/point-change';
import type { OperationInput } from './messages';
import type { OperationRun } from './operation-run';
import type { Stop } from './run-control';

/**
 * Goes on as a new run of the same id, whose plan starts from the other point: with epochs of its own, so that nothing late of
 * this one does harm, and with gates that ask again. Returns when this run was asked to cancel meanwhile.
 */
export async function goOnFrom(run: OperationRun, change: PointChange): Promise<void> {
  if (CancellationScope.current().consideredCancelled) return;
  const { resumeOf: _resumed, expectPlan: _other, follows: _earlier, ...input } = run.input;
  const { by, reason, recoveryPoint } = change;
  const declareLost = input.declareLost ?? declarationIn(run.record.events);
  const begun = run.plan ? leftBegun(run.plan, run.begunSteps) : [];
  const follows = { runId: run.ref.runId, begun: [...begun], by, reason };
  await continueAsNew<(input: OperationInput) => Promise<unknown>>({
    ...input,
    recoveryPoint,
    ...(declareLost && { declareLost }),
    follows,
  });
}

/** What the run before has begun and not taken back: done again under keys of this one, and taken back with what this one does. */
export function begunBefore({ input }: OperationRun, plan: RecoveryPlan): ReadonlyMap<string, StepState> {
  const ids = (input.follows?.begun ?? []).filter((id) => plan.steps.some((step) => step.id === id));
  return new Map(ids.map((id) => [id, { id, status: 'running' }]));
}

/** Why a run was started, for its record. */
export function startReason({ reason, follows, recoveryPoint = 'latest' }: OperationInput): {
  readonly reason?: string;
} {
  if (follows) return { reason: `recovery point "${recoveryPoint}", chosen by ${follows.by}: ${follows.reason}` };
  return reason === undefined ? {} : { reason };
}

/** The old site stays shut out and replication paused: until the next run has the group, it is Incomplete in the name of this one. */
export function leftForPoint({ by, reason }: Stop, change: PointChange) {
  return {
    verdict: 'rolled-back',
    because: `${by}: ${reason}; it goes on from there`,
    phase: 'Incomplete',
    change,
  } as const;
}
