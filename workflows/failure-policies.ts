import { CancellationScope, sleep } from '@temporalio/workflow';
import type { PlanStep, RecoveryPlan } from '../core/model/plan';
import type { StepError, StepStatus } from '../core/model/run';
import { answerTo, policyFor } from '../core/running/failure-rules';
import type { Batches } from './operation-messages';
import type { RunControl } from './run-control';
import { now, type RunRecord } from './run-record';

/** The part of a run that the failure policies of its runbook act on. */
export interface PolicyTarget extends Batches {
  readonly plan: RecoveryPlan | undefined;
  readonly committing: boolean;
  readonly control: RunControl;
  readonly record: RunRecord;
  statusOf(step: string): StepStatus | undefined;
  show(): void;
}

const BY = 'failure policy of the runbook';

/** Answers to failed steps that the runbook gives beforehand. */
export class FailurePolicies {
  private readonly failures = new Map<string, number>();
  private readonly coming = new Map<string, string>();

  constructor(private readonly run: PolicyTarget) {}

  /** When a failed step is tried again by itself; undefined when it waits for a person. */
  retryAt = (step: string): string | undefined => this.coming.get(step);

  answer(step: PlanStep, error: StepError): void {
    const { plan, committing, control } = this.run;
    if (plan === undefined || control.stop !== undefined) return;
    const failures = (this.failures.get(step.id) ?? 0) + 1;
    this.failures.set(step.id, failures);
    const policy = policyFor(plan, step);
    const reason = `${step.id}: ${error.message}`;
    switch (answerTo(policy, { step, failures, committing })) {
      case 'retry':
        void this.retryLater(step, { failures, seconds: policy.everySeconds, of: policy.retries });
        break;
      case 'rollback':
        control.requestStop({ kind: 'rollback', by: BY, reason });
        void this.run.forwardToBatches();
        break;
      case 'continue':
        this.run.record.add({ kind: 'step-skipped', step: step.id, by: BY, reason: `${error.code}: ${error.message}` });
        control.leaveOut(step.id, 'skipped');
        void this.run.leaveOutInBatches(step.id, 'skipped');
        break;
      case 'ask':
        break;
    }
  }

  /** A person may be quicker than the clock: then nothing is left to do. */
  private async retryLater(
    { id }: PlanStep,
    { failures, seconds, of }: { readonly failures: number; readonly seconds: number; readonly of: number },
  ): Promise<void> {
    const { control, record } = this.run;
    this.coming.set(id, new Date(Date.parse(now()) + seconds * 1000).toISOString());
    await CancellationScope.nonCancellable(() => sleep(seconds * 1000, { summary: `before ${id} is tried again` }));
    if (this.failures.get(id) !== failures) return;
    this.coming.delete(id);
    if (control.stop !== undefined || this.run.statusOf(id) !== 'failed') return;
    record.add({ kind: 'message', name: 'retry', by: BY, reason: `${id}: ${failures} of ${of}` });
    control.requestRetry([id]);
    await this.run.retryInBatches([id]);
    this.run.show();
  }
}
