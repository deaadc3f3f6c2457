import { CancellationScope, setCurrentDetails, upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import type { RunRef } from '../activities/contract';
import type { LeftAs } from '../core/model/left-as';
import { operationTraits } from '../core/model/operation';
import type { RollbackStep, PlanStep, RecoveryPlan } from '../core/model/plan';
import type { RunStatus, StepError, StepResult, StepStatus } from '../core/model/run';
import { traitsOf } from '../core/model/step-kinds';
import type { Verdict } from '../core/model/verdict';
import { currentDetails } from '../core/report/current-details';
import { waitingNames } from '../core/report/details/waiting-names';
import type { RunView } from '../core/running/message-rules';
import { epochAfterRollback, notNeeded } from '../core/running/rollback-rules';
import { toUndo } from '../core/running/point-change';
import { requiresAll } from '../core/running/step-graph';
import { attributes } from './attributes';
import type { Course } from './course';
import { notRun, outlineOf, statusOf, viewOf, type RunParts } from './describe-run';
import { keepDecisions } from './decision-evidence';
import { FailurePolicies, type PolicyTarget } from './failure-policies';
import { performGate } from './gates';
import type { OperationInput } from './messages';
import { Notifier } from './notifier';
import { performActivity, stepContextOf, type StepContext } from './perform-step';
import { WindowHold } from './window-hold';
import { WindowOverrun } from './window-overrun';
import { RunControl, stopOfGate, type Stop } from './run-control';
import { now, RunRecord } from './run-record';
import { StepRunner } from './run-steps';
import type { SegmentNews } from './segment-messages';

/** The state of one run of an operation, from its first instant to its verdict. */
export class OperationRun implements RunParts, PolicyTarget {
  readonly control = new RunControl();
  readonly record = new RunRecord();
  readonly startedAt = now();
  plan: RecoveryPlan | undefined;
  verdict: Verdict | undefined;
  because: string | undefined;
  left: LeftAs | undefined;
  readonly begunSteps = new Set<string>();
  forward: StepRunner | undefined;
  backward: StepRunner | undefined;
  finishedAt: string | undefined;
  private readonly overrun = new WindowOverrun(this);
  hold: WindowHold | undefined;
  readonly notifier: Notifier;
  readonly policies = new FailurePolicies(this);
  private shown = '';
  private stale = false;

  constructor(
    readonly ref: RunRef,
    readonly input: OperationInput,
  ) {
    this.notifier = new Notifier(this.record, ref);
    keepDecisions(this.record, ref);
  }

  get requester(): string {
    return this.input.requestedBy ?? '';
  }

  /**
   * True from the moment that the commit step was begun: whether it took effect is then for the group to say. Of a drill when it
   * is done: removing a copy twice harms nobody.
   */
  get committing(): boolean {
    if (operationTraits[this.ref.operation].isolated) return this.committed;
    return this.plan !== undefined && this.begunSteps.has(this.plan.commitStep);
  }

  get committed(): boolean {
    return this.plan !== undefined && this.forward?.stateOf(this.plan.commitStep)?.status === 'done';
  }

  private begin(id: string): void {
    this.begunSteps.add(id);
    this.hold?.noteBegun(id);
  }

  /** Walks the plan forward. */
  async execute({ plan, known, keyBase }: Course): Promise<'complete' | Stop> {
    this.plan = plan;
    this.hold = new WindowHold(plan);
    for (const [id, state] of known) if (state.status !== 'pending') this.begin(id);
    const context = stepContextOf(this.ref, plan, keyBase);
    const runner = new StepRunner({
      context,
      steps: plan.steps,
      requiresOf: requiresAll,
      control: this.control,
      record: this.record,
      concurrency: plan.runbook.execution.concurrency,
      onFailure: 'ask',
      compensating: false,
      known,
      perform: (step) => this.perform(context, step),
      begun: (step) => this.begin(step.id),
      held: () => this.hold?.holds(this.gateContext()) ?? false,
      done: (step) => {
        if (step.id === plan.commitStep) this.record.add({ kind: 'committed' });
      },
      failed: (step, error) => this.failed(step, error),
      changed: () => this.show(),
    });
    this.forward = runner;
    const outcome = await CancellationScope.nonCancellable(() => runner.run());
    return outcome === 'complete' ? outcome : (this.control.stop ?? { kind: 'abort', by: 'nobody', reason: 'stopped' });
  }

  /** Compensates what was begun. True when every compensation that was needed succeeded. */
  async rollBack({ plan, undone, keyBase }: Course, stop: Stop): Promise<boolean> {
    this.record.add({ kind: 'rollback-started', by: stop.by, reason: stop.reason });
    const context = stepContextOf(this.ref, plan, `${keyBase}/rollback`);
    const runner: StepRunner = new StepRunner({
      context,
      steps: plan.rollback,
      requiresOf: (step) => (step as RollbackStep).requires,
      control: new RunControl(),
      record: this.record,
      concurrency: plan.runbook.execution.concurrency,
      onFailure: 'continue',
      compensating: true,
      known: new Map([...notNeeded(plan, toUndo(plan, this.begunSteps, stop.change)), ...undone]),
      perform: (step) => performActivity(context, step, (id) => runner.stateOf(id) ?? this.forward?.stateOf(id)),
      begun: () => undefined,
      done: () => undefined,
      failed: () => undefined,
      changed: () => this.show(),
    });
    this.backward = runner;
    await CancellationScope.nonCancellable(() => runner.run());
    const left = runner.states().filter((state) => state.status === 'pending' || state.status === 'failed');
    for (const { id, status } of left) {
      if (status === 'pending')
        this.record.add({ kind: 'compensation-failed', step: id, error: notRun(plan, runner, id) });
    }
    return left.length === 0;
  }

  /** Epoch of the group after the rollback; undefined while there was none. */
  get rolledBackTo(): number | undefined {
    const { plan, backward } = this;
    if (plan === undefined || backward === undefined) return undefined;
    return epochAfterRollback(plan, (id) => backward.stateOf(id));
  }

  finish(verdict: Verdict, because: string): void {
    this.verdict = verdict;
    this.because = because;
    this.finishedAt = now();
    this.record.add({ kind: 'run-finished', verdict, because });
    this.show();
  }

  /** A failed step of a batch: heard through its child workflow. */
  heard(news: SegmentNews): void {
    const runner = this.backward ?? this.forward;
    const fresh = runner?.fresh(news) ?? [];
    // The batch gives its events only when it ends; people are to be told now.
    for (const { id, error } of fresh) {
      if (runner?.stateOf(id)?.status !== 'failed')
        this.record.tell({ at: now(), kind: 'step-failed', step: id, error });
    }
    runner?.heard(fresh);
  }

  /** Passes to the batches what people asked for. */
  async forwardToBatches(): Promise<void> {
    const { forward, control } = this;
    if (forward === undefined) return;
    await forward.command({ kind: control.paused ? 'pause' : 'resume' });
    if (control.stop !== undefined) await forward.command({ kind: 'stop' });
  }

  async retryInBatches(steps: readonly string[]): Promise<void> {
    this.forward?.forget(steps);
    await this.forward?.command({ kind: 'retry', steps });
  }

  async leaveOutInBatches(step: string, as: 'skipped' | 'marked-done'): Promise<void> {
    this.forward?.passInBatch(step, as);
    await this.forward?.command({ kind: 'leave-out', step, as });
  }

  statusOf = (step: string): StepStatus | undefined => this.forward?.stateOf(step)?.status;

  view(): RunView {
    return viewOf(this);
  }

  status(): RunStatus {
    return statusOf(this);
  }

  /** Brings what people see up to date; attributes only when they change, as each change is an event in history. */
  show(): void {
    this.paintSoon();
    const { phase, waitingFor, verdict, because = '' } = outlineOf(this);
    const waiting = waitingNames(waitingFor.map(({ name }) => name));
    const key = JSON.stringify([phase, waiting, verdict]);
    if (key === this.shown) return;
    this.shown = key;
    upsertSearchAttributes([
      { key: attributes.phase, value: phase },
      { key: attributes.waitingFor, value: [...waiting] },
      ...(verdict ? [{ key: attributes.outcome, value: verdict }] : []),
    ]);
    if (verdict) upsertMemo({ verdict, because });
  }

  /** Many steps may change in one workflow task, and nobody sees the details in between: they are written once, after that. */
  private paintSoon(): void {
    if (this.stale) return;
    this.stale = true;
    void Promise.resolve().then(() => {
      this.stale = false;
      setCurrentDetails(currentDetails({ status: this.status(), ...(this.plan && { plan: this.plan }), now: now() }));
    });
  }

  private perform(context: StepContext, step: PlanStep): Promise<StepResult> {
    if (traitsOf(step.kind).runs === 'workflow') return performGate(this.gateContext(), step);
    return performActivity(context, step, (id) => this.forward?.stateOf(id));
  }

  private gateContext() {
    const { plan } = this;
    if (plan === undefined) throw new Error('a gate needs a plan');
    return {
      plan,
      control: this.control,
      record: this.record,
      requester: this.requester,
      stateOf: (id: string) => this.forward?.stateOf(id) ?? { id, status: 'pending' as const },
      ...(this.input.declareLost && { declaredLost: this.input.declareLost }),
      waitingChanged: () => this.show(),
      windowEntered: (step: PlanStep, closesAt: string) => this.overrun.watch(step, closesAt),
    };
  }

  private failed(step: PlanStep, error: StepError): void {
    const stop = stopOfGate(step, error);
    if (stop === undefined) return this.policies.answer(step, error);
    this.control.requestStop(stop);
    void this.forwardToBatches();
  }
}
