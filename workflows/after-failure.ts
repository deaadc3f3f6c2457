import type { RunRef } from '../activities/contract';
import type { PlanStep, RecoveryPlan } from '../core/model/plan';
import type { StepError } from '../core/model/run';
import { stopAfterGate, type RunControl } from './run-control';
import type { RunRecord } from './run-record';

interface FailingRun {
  readonly ref: RunRef;
  readonly plan: RecoveryPlan | undefined;
  readonly control: RunControl;
  readonly record: RunRecord;
  readonly committing: boolean;
  forwardToBatches(): Promise<void>;
  leaveOutInBatches(step: string, as: 'skipped'): Promise<void>;
}

/** What follows when a step has failed, by the runbook: a stop, or that it is left out; else a person is asked. */
export function afterFailure(run: FailingRun, step: PlanStep, error: StepError): void {
  const { control, plan, ref } = run;
  const kind = stopAfterGate[error.code];
  if (kind !== undefined) {
    control.requestStop({ kind, by: `gate ${step.input.gate?.name ?? step.id}`, reason: error.message });
    void run.forwardToBatches();
    return;
  }
  const policy = step.input.onFailure ?? plan?.runbook.operations[ref.operation].onFailure;
  if (policy === 'continue') leaveOut(run, step, error);
  if (policy === 'rollback' && !run.committing) {
    const by = 'failure policy of the runbook';
    control.requestStop({ kind: 'rollback', by, reason: `${step.id}: ${error.message}` });
    void run.forwardToBatches();
  }
}

/** The runbook says of the step that the run can do without it. */
function leaveOut(run: FailingRun, { id }: PlanStep, error: StepError): void {
  const reason = `${error.code}: ${error.message}`.slice(0, 1000);
  run.record.add({ kind: 'step-skipped', step: id, by: 'failure policy of the runbook', reason });
  run.control.leaveOut(id, 'skipped');
  void run.leaveOutInBatches(id, 'skipped');
}
