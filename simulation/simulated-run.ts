import { createHash } from 'node:crypto';
import type { StepRequest } from '../activities/contract';
import type { StepOutcome } from '../activities/steps/step-body';
import { courseOf, operationTraits, type FailoverMode, type Operation } from '../core/model/operation';
import { policyOf } from '../core/model/operation-policy';
import type { PlanStep, RecoveryPlan, RollbackStep } from '../core/model/plan';
import type { ProtectionPhase } from '../core/model/operation';
import type { StepState } from '../core/model/run';
import { traitsOf } from '../core/model/step-kinds';
import { compilePlan } from '../core/planning/compile-plan';
import { epochAfterRollback, notNeeded } from '../core/running/rollback-rules';
import { requiresAll, StepGraph } from '../core/running/step-graph';
import { inPlanOrder, type Choose } from './choose';
import type { Lab } from './lab';
import { performRequest, requestOf } from './perform-request';
import { walk, type Answer } from './walk';
import { Watch } from './watch';

/** A step that fails. before: nothing happened. after: it happened, and the answer got lost. */
export interface Fault {
  readonly step: string;
  readonly moment: 'before' | 'after';
}

export interface WalkOptions {
  readonly choose?: Choose;
  readonly concurrency?: number;
  readonly fault?: Fault;
  /** What follows when a step has failed; the fault stays until it is mended. Default: the run stops. */
  readonly answer?: (failed: PlanStep) => Exclude<Answer, 'leave-failed'> | 'mend';
  /** A step that takes effect and loses its answer; the second try gets through. */
  readonly lostOnce?: string;
  /** After a step was performed and before its answer is heard. */
  readonly performed?: (request: StepRequest) => Promise<void>;
  /** When every step is done, while the run still holds the group. */
  readonly ending?: (run: SimulatedRun) => Promise<void>;
  /** Look at the invariants after every effect, with customers who write all the time. */
  readonly watched?: boolean;
}

interface Performing extends Pick<WalkOptions, 'performed'> {
  /** Begins the operation key of every step. */
  readonly keyBase: string;
}

export interface Start {
  readonly operation: Operation;
  readonly mode?: FailoverMode;
  readonly recoveryPoint?: string;
  readonly roundTrip?: boolean;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let runs = 0;

/** One run of an operation: workflows/run-operation.ts and operation-run.ts without Temporal. */
export class SimulatedRun {
  readonly runId = `run-${(runs += 1)}`;
  readonly begun = new Set<string>();
  /** Steps of the runbook itself that took effect, whether their answer was heard or not: hooks and what people did. */
  readonly added = new Set<string>();
  /** Every request that was made of a step, in order. */
  readonly requests: StepRequest[] = [];
  private forward: StepGraph<PlanStep> | undefined;
  private backward: StepGraph<RollbackStep> | undefined;

  private constructor(
    readonly lab: Lab,
    readonly plan: RecoveryPlan,
    private readonly before: ProtectionPhase,
  ) {}

  /** Acquires the group, observes and compiles. Throws when a precheck has an error. */
  static async begin(
    lab: Lab,
    { operation, mode = 'planned', recoveryPoint, roundTrip = false }: Start,
  ): Promise<SimulatedRun> {
    const { before, epochs } = lab.group.acquire(operation, `run-${runs + 1}`);
    const { activeBefore: activeSite } = courseOf(operation, before);
    const observation = { ...(await lab.observe()), phase: before, activeSite };
    const windows = Object.fromEntries(
      policyOf(lab.runbook, operation).gates.map((gate) => [gate.name, { start: '2026-12-05T22:00' }]),
    );
    const digest = sha256(JSON.stringify(lab.runbook));
    const asked = { runbook: lab.runbook, digest, operation, mode, observation, epochs, windows, roundTrip };
    const plan = compilePlan({ ...asked, ...(recoveryPoint !== undefined && { recoveryPoint }) }, sha256);
    const errors = plan.prechecks.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new Error(`refused: ${errors.map(({ code, saw }) => `${code}: ${saw}`).join('; ')}`);
    return new SimulatedRun(lab, plan, before);
  }

  /** Walks the plan. Gives the id of the failed step that ended it, if one did. */
  async execute(options: WalkOptions = {}): Promise<string | undefined> {
    const graph = new StepGraph<PlanStep>(this.plan.steps, { requiresOf: requiresAll });
    this.forward = graph;
    const failed = await this.walk(graph, {
      ...options,
      keyBase: this.runId,
      answer: options.answer ?? (() => 'stop'),
      begun: (step) => this.begun.add(step.id),
    });
    if (failed === undefined) {
      if (!graph.complete) throw new Error(`the plan stopped: ${unsettled(graph.allStates())}`);
      await options.ending?.(this);
      this.release('completed', courseOf(this.plan.operation, this.before).to);
    }
    return failed;
  }

  /** Compensates what was begun. Gives the compensations that failed or could not run. */
  async rollBack(options: WalkOptions = {}): Promise<readonly StepState[]> {
    const graph = new StepGraph<RollbackStep>(this.plan.rollback, { requiresOf: ({ requires }) => requires });
    this.backward = graph;
    graph.seed(notNeeded(this.plan, this.begun).values());
    const keyBase = `${this.runId}/rollback`;
    await this.walk(graph, { ...options, keyBase, answer: () => 'leave-failed', begun: () => undefined });
    const left = graph.allStates().filter(({ status }) => status === 'pending' || status === 'failed');
    if (left.length === 0) this.release('rolled-back', this.before);
    else this.release('rollback-incomplete', 'Incomplete');
    return left;
  }

  compensations(): readonly StepState[] {
    return this.backward?.allStates() ?? [];
  }

  /** There is no way back any more: whether the commit took effect is for the group to say. A copy can be removed until it is gone. */
  get committing(): boolean {
    const { commitStep, operation } = this.plan;
    if (operationTraits[operation].isolated) return this.forward?.stateOf(commitStep).status === 'done';
    return this.begun.has(commitStep);
  }

  leftOut(): readonly PlanStep[] {
    return this.plan.steps.filter(({ id }) => this.forward?.stateOf(id).status === 'skipped');
  }

  errorOf(step: string): string {
    return this.forward?.stateOf(step).error?.message ?? '';
  }

  private async walk<Step extends PlanStep>(
    graph: StepGraph<Step>,
    options: Omit<WalkOptions, 'answer'> & {
      readonly keyBase: string;
      readonly answer: (failed: PlanStep) => Answer | 'mend';
      readonly begun: (step: Step) => void;
    },
  ): Promise<string | undefined> {
    const { begun } = options;
    let { fault } = options;
    const watch = options.watched === true ? new Watch(this.lab, this.plan) : undefined;
    watch?.look('the begin');
    return walk({
      graph,
      concurrency: options.concurrency ?? this.plan.runbook.execution.concurrency,
      choose: options.choose ?? inPlanOrder,
      begun,
      answer: (failed) => {
        const answer = options.answer(failed);
        if (answer !== 'mend') return answer;
        fault = undefined;
        return 'retry';
      },
      perform: async (step) => {
        if (fault?.step === step.id && fault.moment === 'before') throw new Error('made to fail before its effect');
        if (options.lostOnce === step.id) await this.perform(step, options);
        const outcome = await this.perform(step, options);
        if (traitsOf(step.kind).added) this.added.add(step.id);
        if (fault?.step === step.id) throw new Error('made to lose its answer');
        return outcome;
      },
      after: async (step) => watch?.look(step.id),
    });
  }

  private async perform(step: PlanStep, options: Performing): Promise<StepOutcome> {
    if (traitsOf(step.kind).runs === 'workflow') return { summary: 'passed', facts: {} };
    // The schedule of replication would have made a pass by then.
    if (step.kind === 'await-lag') await this.lab.replicate();
    const { pointOf } = step.input;
    const earlier = pointOf === undefined ? undefined : this.factsOf(pointOf);
    const request = requestOf(this.plan, step, { runId: this.runId, keyBase: options.keyBase, earlier });
    this.requests.push(request);
    const outcome = await performRequest(this.lab, request);
    await options.performed?.(request);
    return outcome;
  }

  private factsOf(id: string) {
    const known = this.backward?.stepOf(id) ? this.backward.stateOf(id) : this.forward?.stateOf(id);
    return known?.result?.facts;
  }

  private release(verdict: 'completed' | 'rolled-back' | 'rollback-incomplete', phase: ProtectionPhase): void {
    const { operation, epochs } = this.plan;
    const { activeBefore, activeAfter } = courseOf(operation, this.before);
    const done = verdict === 'completed';
    this.lab.group.release({
      operation,
      runId: this.runId,
      verdict,
      phase,
      epoch: done ? epochs.to : epochAfterRollback(this.plan, (id) => this.backward?.stateOf(id)),
      activeSite: done ? activeAfter : activeBefore,
    });
  }
}

const unsettled = (states: readonly StepState[]): string =>
  states
    .filter(({ status }) => status !== 'done')
    .map(({ id, status, error }) => `${id} ${status} ${error?.message ?? ''}`)
    .join('; ');

/** Runs the operation to its end, in the order of the plan unless told otherwise. */
export async function carriedOut(lab: Lab, start: Start, options: WalkOptions = {}): Promise<SimulatedRun> {
  const run = await SimulatedRun.begin(lab, start);
  const failed = await run.execute(options);
  if (failed !== undefined) throw new Error(`${start.operation} failed at ${failed}: ${run.errorOf(failed)}`);
  return run;
}
