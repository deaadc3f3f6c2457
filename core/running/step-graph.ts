import type { PlanStep } from '../model/plan';
import type { StepError, StepResult, StepState, StepStatus } from '../model/run';

/** How a dependency must have ended. `ordered`: any end will do, it is order only (compensations). */
export interface GraphOptions<Step extends PlanStep> {
  readonly requiresOf: (step: Step) => readonly string[];
}

const satisfied: ReadonlySet<StepStatus> = new Set(['done', 'skipped', 'marked-done', 'not-needed']);
const settled: ReadonlySet<StepStatus> = new Set([...satisfied, 'failed', 'cancelled']);

/** For a plan: everything that a step depends on is required. */
export const requiresAll = (step: PlanStep): readonly string[] => step.dependsOn;

/**
 * Which steps may start now, and how each one stands. Holds no clock and starts nothing.
 *
 * A step becomes ready when all of its dependencies have come to an end and all that it requires are satisfied. A dependency
 * that is not required only has to come to an end: a failed compensation holds up nothing that can do without it. What requires
 * a failed step has come to an end as well, though it stays pending: it cannot start before that one is reopened and done.
 */
export class StepGraph<Step extends PlanStep> {
  private readonly byId: ReadonlyMap<string, Step>;
  private readonly states = new Map<string, StepState>();
  private readonly dependents = new Map<string, string[]>();
  private readonly unsettled = new Map<string, number>();
  /** Pending steps that something they require keeps from ever starting. */
  private readonly barred = new Set<string>();
  private queue: string[] = [];
  private open: number;

  constructor(
    steps: readonly Step[],
    private readonly options: GraphOptions<Step>,
  ) {
    this.byId = new Map(steps.map((step) => [step.id, step]));
    this.open = steps.length;
    for (const step of steps) {
      this.states.set(step.id, { id: step.id, status: 'pending' });
      const waitsFor = step.dependsOn.filter((id) => this.byId.has(id));
      this.unsettled.set(step.id, waitsFor.length);
      for (const id of waitsFor) this.dependentsOf(id).push(step.id);
      if (waitsFor.length === 0) this.queue.push(step.id);
    }
  }

  /** Takes up to `limit` ready steps; they count as running from now on. */
  take(limit: number, scheduledAt: string): readonly Step[] {
    const taken: Step[] = [];
    while (taken.length < limit) {
      const id = this.queue.shift();
      if (id === undefined) break;
      const step = this.byId.get(id);
      if (step === undefined || !this.isReady(step)) continue;
      this.states.set(id, { id, status: 'running', scheduledAt });
      taken.push(step);
    }
    return taken;
  }

  succeed(id: string, result: StepResult, status: 'done' | 'marked-done' | 'skipped' = 'done'): void {
    this.settle({ ...this.stateOf(id), status, result });
  }

  /** Settles without a result: not needed, left out by a person, or cancelled. */
  pass(id: string, status: 'not-needed' | 'skipped' | 'marked-done' | 'cancelled'): void {
    this.settle({ ...this.stateOf(id), status });
  }

  fail(id: string, error: StepError): void {
    this.settle({ ...this.stateOf(id), status: 'failed', error });
  }

  /** A failed or cancelled step may run again. */
  reopen(id: string): void {
    const state = this.stateOf(id);
    if (state.status !== 'failed' && state.status !== 'cancelled') return;
    this.states.set(id, { id, status: 'pending' });
    this.open += 1;
    for (const dependent of this.dependentsOf(id)) this.count(dependent, 1);
    this.unbar(id);
    if (this.unsettled.get(id) === 0) this.queue.push(id);
  }

  /** Settles what is known to have ended before, in an earlier run or because nothing is to be compensated. */
  seed(known: Iterable<StepState>): void {
    for (const state of known) {
      if (!this.byId.has(state.id) || !satisfied.has(state.status)) continue;
      this.settle(state);
    }
  }

  stateOf(id: string): StepState {
    const state = this.states.get(id);
    if (state === undefined) throw new Error(`no step "${id}" in this plan`);
    return state;
  }

  stepOf(id: string): Step | undefined {
    return this.byId.get(id);
  }

  /** Every step, in the order of the plan. */
  allStates(): readonly StepState[] {
    return [...this.states.values()];
  }

  withStatus(status: StepStatus): readonly StepState[] {
    return this.allStates().filter((state) => state.status === status);
  }

  get hasReady(): boolean {
    return this.queue.some((id) => {
      const step = this.byId.get(id);
      return step !== undefined && this.isReady(step);
    });
  }

  /** True when every step is settled, and none of them failed. */
  get complete(): boolean {
    return this.open === 0 && this.allStates().every((state) => satisfied.has(state.status));
  }

  /** True when nothing can start any more without a person. */
  get exhausted(): boolean {
    return !this.hasReady && this.allStates().every((state) => state.status !== 'running');
  }

  private settle(state: StepState): void {
    const before = this.stateOf(state.id);
    this.states.set(state.id, state);
    if (!settled.has(before.status)) {
      this.open -= 1;
      if (!this.barred.delete(state.id)) for (const dependent of this.dependentsOf(state.id)) this.count(dependent, -1);
    }
    if (satisfied.has(state.status)) this.unbar(state.id);
    else this.bar(state.id);
    this.offer(state.id);
  }

  /** Queues those that waited for it, as far as they wait for nothing else. */
  private offer(id: string): void {
    for (const dependent of this.dependentsOf(id)) {
      if (this.unsettled.get(dependent) === 0 && this.stateOf(dependent).status === 'pending')
        this.queue.push(dependent);
    }
  }

  /** It has failed, or cannot start: what requires it cannot start either, and holds up nothing that can do without it. */
  private bar(id: string): void {
    for (const dependent of this.requiring(id)) {
      if (this.barred.has(dependent)) continue;
      this.barred.add(dependent);
      for (const later of this.dependentsOf(dependent)) this.count(later, -1);
      this.bar(dependent);
      this.offer(dependent);
    }
  }

  /** It may still be done after all: so may what requires it, unless something else stands in the way. */
  private unbar(id: string): void {
    if (this.barred.size === 0) return;
    for (const dependent of this.requiring(id)) {
      const step = this.byId.get(dependent);
      if (!this.barred.has(dependent) || step === undefined || this.isBarred(step)) continue;
      this.barred.delete(dependent);
      for (const later of this.dependentsOf(dependent)) this.count(later, 1);
      this.unbar(dependent);
    }
  }

  private isBarred(step: Step): boolean {
    return this.options
      .requiresOf(step)
      .some(
        (id) => this.byId.has(id) && (this.barred.has(id) || ['failed', 'cancelled'].includes(this.stateOf(id).status)),
      );
  }

  /** Pending steps that require it. */
  private requiring(id: string): readonly string[] {
    return this.dependentsOf(id).filter((dependent) => {
      const step = this.byId.get(dependent);
      return (
        step !== undefined && this.stateOf(dependent).status === 'pending' && this.options.requiresOf(step).includes(id)
      );
    });
  }

  private isReady(step: Step): boolean {
    const waits = this.unsettled.get(step.id) !== 0 || this.stateOf(step.id).status !== 'pending';
    return !waits && this.requirementsMet(step);
  }

  private requirementsMet(step: Step): boolean {
    return this.options.requiresOf(step).every((id) => !this.byId.has(id) || satisfied.has(this.stateOf(id).status));
  }

  private count(id: string, change: 1 | -1): void {
    this.unsettled.set(id, (this.unsettled.get(id) ?? 0) + change);
  }

  private dependentsOf(id: string): string[] {
    let list = this.dependents.get(id);
    if (list === undefined) {
      list = [];
      this.dependents.set(id, list);
    }
    return list;
  }
}
