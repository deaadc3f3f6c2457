import {
  CancellationScope,
  CancelledFailure,
  ParentClosePolicy,
  startChild,
  workflowInfo,
  type ChildWorkflowHandle,
} from '@temporalio/workflow';
import type { PlanStep } from '../core/model/plan';
import type { StepError, StepResult, StepState } from '../core/model/run';
import { partition, type Batch } from '../core/running/partition';
import { StepGraph } from '../core/running/step-graph';
import { executePlan } from './execute-plan';
import type { executeSegment } from './execute-segment';
import type { StepContext } from './perform-step';
import type { RunControl } from './run-control';
import { now, type RunRecord } from './run-record';
import { segmentCommand, type SegmentCommand, type SegmentNews } from './segment-messages';

/** A plan of more steps than this runs its segments as child workflows. */
const LARGE_PLAN = 500;
/** Steps of one batch at most, about: 400 x 6 events stay far under 10,000. */
const BATCH = 400;

export interface StepsOptions {
  readonly context: StepContext;
  readonly steps: readonly PlanStep[];
  readonly requiresOf: (step: PlanStep) => readonly string[];
  readonly control: RunControl;
  readonly record: RunRecord;
  readonly concurrency: number;
  readonly onFailure: 'ask' | 'continue';
  readonly compensating: boolean;
  /** States from elsewhere: the forward steps for compensations, the earlier run for a resumed one. */
  readonly known: ReadonlyMap<string, StepState>;
  readonly perform: (step: PlanStep) => Promise<StepResult>;
  readonly changed: () => void;
  readonly held?: () => boolean;
  readonly failed: (step: PlanStep, error: StepError) => void;
  readonly begun: (step: PlanStep) => void;
  readonly done: (step: PlanStep) => void;
}

type Node = PlanStep & { readonly batch?: Batch<PlanStep> };

/** Runs a list of steps, directly or in child workflows, and knows how each of them stands. */
export class StepRunner {
  private readonly graph: StepGraph<Node>;
  private readonly batchStates = new Map<string, StepState>();
  private readonly handles = new Map<string, ChildWorkflowHandle<typeof executeSegment>>();
  private readonly failuresHeard = new Map<string, number>();
  readonly children: string[] = [];
  private anyEverFailed: boolean;

  constructor(private readonly options: StepsOptions) {
    this.graph = new StepGraph<Node>(nodesOf(options), { requiresOf: (node) => this.requirementsOf(node) });
    this.graph.seed(options.known.values());
    this.anyEverFailed = [...options.known.values()].some(({ status }) => status === 'failed');
  }

  run(): Promise<'complete' | 'stopped'> {
    const { options } = this;
    return executePlan<Node>({
      graph: this.graph,
      control: options.control,
      concurrency: options.concurrency,
      onFailure: options.onFailure,
      ...(options.held && { held: options.held }),
      perform: (node) => (node.batch ? this.runBatch(node.batch) : options.perform(node)),
      scheduled: (node) => this.scheduled(node),
      done: (node, result) => this.ended(node, { kind: 'done', result }),
      failed: (node, error) => this.ended(node, { kind: 'failed', error }),
    });
  }

  /** Settles a step before the run: nothing to compensate, or done by an earlier run. */
  pass(id: string, status: 'not-needed'): void {
    if (this.graph.stepOf(id)) this.graph.pass(id, status);
    else this.batchStates.set(id, { id, status });
  }

  stateOf(id: string): StepState | undefined {
    if (this.graph.stepOf(id)) return this.graph.stateOf(id);
    return this.batchStates.get(id) ?? this.options.known.get(id);
  }

  /** How every step stands, in the order of the plan. Barriers do nothing, so that nobody counts them. */
  states(): readonly StepState[] {
    const working = this.options.steps.filter((step) => step.kind !== 'barrier');
    return working.map((step) => this.stateOf(step.id) ?? { id: step.id, status: 'pending' });
  }

  /** Those that have failed and were not settled since. Asked for at every change, so that a run without failures looks at no step. */
  failed(): readonly StepState[] {
    return this.anyEverFailed ? this.states().filter(({ status }) => status === 'failed') : [];
  }

  /** Hands a command to the batches that run now. */
  async command(command: SegmentCommand): Promise<void> {
    await Promise.all(
      [...this.handles.values()].map((handle) => handle.signal(segmentCommand, command).catch(() => undefined)),
    );
  }

  /** Of what a batch says, the failures that were not known: it names those of before again each time. */
  fresh({ failed }: SegmentNews): SegmentNews['failed'] {
    // A batch of before this counts nothing: all that it names is taken, as it was then.
    return failed.filter(({ id, failures }) => failures === undefined || failures > (this.failuresHeard.get(id) ?? 0));
  }

  /** Steps that have failed in a batch. */
  heard(fresh: SegmentNews['failed']): void {
    for (const { id, error, failures = 1 } of fresh) {
      this.failuresHeard.set(id, failures);
      const step = this.options.steps.find((candidate) => candidate.id === id);
      if (step === undefined) continue;
      this.anyEverFailed = true;
      this.batchStates.set(id, { id, status: 'failed', error });
      this.options.failed(step, error);
    }
    this.options.changed();
  }

  forget(ids: readonly string[]): void {
    for (const id of ids) if (!this.graph.stepOf(id)) this.batchStates.set(id, { id, status: 'running' });
  }

  /** A failed step inside a batch was left out: the batch is told, and says so itself when it ends. */
  passInBatch(id: string, status: 'skipped' | 'marked-done'): void {
    if (!this.graph.stepOf(id)) this.batchStates.set(id, { id, status });
  }

  private scheduled(node: Node): void {
    const members = node.batch?.steps ?? [node];
    for (const step of members) this.options.begun(step);
    if (node.batch === undefined && node.kind !== 'barrier') {
      this.options.record.add({
        kind: this.options.compensating ? 'compensation-scheduled' : 'step-scheduled',
        step: node.id,
      });
    }
    this.options.changed();
  }

  private ended(node: Node, end: { kind: 'done'; result: StepResult } | { kind: 'failed'; error: StepError }): void {
    const { compensating, record } = this.options;
    this.anyEverFailed ||= end.kind === 'failed';
    if (node.batch === undefined && node.kind !== 'barrier') {
      if (end.kind === 'done') {
        record.add({ kind: compensating ? 'compensation-done' : 'step-done', step: node.id, result: end.result });
      } else {
        record.add({ kind: compensating ? 'compensation-failed' : 'step-failed', step: node.id, error: end.error });
      }
    }
    if (end.kind === 'failed') this.options.failed(node, end.error);
    else this.options.done(node);
    this.options.changed();
  }

  private requirementsOf(node: Node): readonly string[] {
    if (node.batch === undefined) return this.toNodes(this.options.requiresOf(node));
    const inside = new Set(node.batch.steps.map((step) => step.id));
    const required = node.batch.steps.flatMap((step) => this.options.requiresOf(step));
    return this.toNodes(required.filter((id) => !inside.has(id)));
  }

  private nodeOfStep: ReadonlyMap<string, string> | undefined;

  /** Requirements that lie inside a batch are met when the whole batch is. */
  private toNodes(ids: readonly string[]): readonly string[] {
    this.nodeOfStep ??= batchOfStep(this.options);
    return ids.map((id) => this.nodeOfStep?.get(id) ?? id);
  }

  private async runBatch(batch: Batch<PlanStep>): Promise<StepResult> {
    const startedAt = now();
    const result = await CancellationScope.nonCancellable(async () => {
      const handle = await startChild<typeof executeSegment>('executeSegment', {
        workflowId: `${workflowInfo().workflowId}/${workflowInfo().runId.slice(0, 8)}/${this.options.compensating ? 'undo/' : ''}${batch.id}`,
        args: [this.segmentInput(batch)],
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        staticSummary: batch.title.slice(0, 190),
      });
      this.children.push(handle.workflowId);
      this.handles.set(batch.id, handle);
      if (this.options.control.stop !== undefined) await this.command({ kind: 'stop' });
      return handle.result().finally(() => this.handles.delete(batch.id));
    });
    for (const state of result.states) this.batchStates.set(state.id, state);
    this.options.record.addAll(result.events);
    if (result.outcome === 'stopped') throw new CancelledFailure(`batch ${batch.id} was stopped`);
    const summary = `${batch.steps.length} steps done`;
    return { summary, facts: {}, startedAt, finishedAt: now(), attempt: 1, worker: 'child workflow' };
  }

  private segmentInput(batch: Batch<PlanStep>) {
    const { context, requiresOf, concurrency, onFailure, compensating } = this.options;
    const needed = [...batch.steps.flatMap((step) => step.input.pointOf ?? []), ...batch.steps.map((step) => step.id)];
    const names = new Set(batch.steps.map((step) => step.workload));
    const known = Object.fromEntries(
      needed.flatMap((id) => (this.stateOf(id) ? [[id, this.stateOf(id)]] : [])),
    ) as Record<string, StepState>;
    const inside = new Set(batch.steps.map((step) => step.id));
    return {
      context: {
        ...context,
        runbook: { ...context.runbook, workloads: context.runbook.workloads.filter(({ name }) => names.has(name)) },
      },
      steps: batch.steps,
      requires: Object.fromEntries(
        batch.steps.map((step) => [step.id, requiresOf(step).filter((id) => inside.has(id))]),
      ),
      concurrency,
      onFailure,
      compensating,
      known,
    };
  }
}

const isLarge = (options: StepsOptions): boolean => options.steps.length > LARGE_PLAN;

function batchOfStep(options: StepsOptions): ReadonlyMap<string, string> {
  if (!isLarge(options)) return new Map();
  const { batches } = partition(options.steps, BATCH);
  return new Map(batches.flatMap((batch) => batch.steps.map((step) => [step.id, batch.id] as const)));
}

/** The nodes of the graph: the steps themselves, or batches of them with dependencies between batches. */
function nodesOf(options: StepsOptions): readonly Node[] {
  if (!isLarge(options)) return options.steps;
  const { batches, single } = partition(options.steps, BATCH);
  const home = batchOfStep(options);
  const lift = (ids: readonly string[]) => [...new Set(ids.map((id) => home.get(id) ?? id))];
  return [
    ...single.map((step) => ({ ...step, dependsOn: lift(step.dependsOn) })),
    ...batches.map((batch) => ({
      id: batch.id,
      kind: 'barrier' as const,
      title: batch.title,
      segment: batch.id,
      dependsOn: lift(batch.dependsOn),
      input: {},
      batch,
    })),
  ];
}
