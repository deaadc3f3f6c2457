import type { Opening, PlanStep, RecoveryPlan } from '../core/model/plan';
import type { StepState } from '../core/model/run';
import { traitsOf, type StepTraits } from '../core/model/step-kinds';
import type { GateContext } from './gate-context';
import { stepErrorOf } from './run-record';
import { enterWindow, isOpen, nextOpening, untilOpen, windowsOf } from './window-gate';

const changes: readonly string[] = ['mutation', 'isolated'] satisfies readonly StepTraits['effect'][];

/**
 * Holds a run back that has passed its gates and has changed nothing yet, while its windows are closed: an approval or a pause
 * may have taken longer than they were open. From its first change on, `overrun` says what follows.
 */
export class WindowHold {
  private readonly windows: readonly PlanStep[];
  private readonly gates: readonly PlanStep[];
  private readonly changes: ReadonlySet<string>;
  private begun = false;
  private waiting = false;

  constructor(plan: RecoveryPlan) {
    this.windows = plan.commonOpenings === undefined ? [] : windowsOf(plan);
    this.gates = plan.steps.filter(({ kind }) => kind === 'window' || kind === 'approval');
    this.changes = new Set(
      plan.steps.filter(({ kind }) => changes.includes(traitsOf(kind).effect)).map(({ id }) => id),
    );
  }

  /** A step was begun, by this run or by the one that it continues. */
  noteBegun(id: string): void {
    this.begun ||= this.changes.has(id);
  }

  /** Whether the closing of a window means anything for what runs. Of plans of before that knew no common openings, always. */
  get counts(): boolean {
    return this.begun || this.windows.length === 0;
  }

  /** Whether nothing may start now. What is waited for is shown, and wakes the executor. */
  holds(context: GateContext): boolean {
    const [window] = this.windows;
    if (this.begun || window === undefined || !this.passed(context.stateOf)) return false;
    if (this.waiting) return true;
    const opening = this.next(context, window);
    if (opening === undefined) return true;
    if (isOpen(opening)) {
      this.enter(context, opening);
      return false;
    }
    this.waiting = true;
    void untilOpen(context, window, opening, () => context.control.stop !== undefined).finally(() => {
      this.waiting = false;
      context.control.wake();
    });
    return true;
  }

  private passed(stateOf: (id: string) => StepState): boolean {
    return this.gates.every(({ id }) => stateOf(id).status === 'done');
  }

  /** Undefined when none is left, and then the run ends. */
  private next(context: GateContext, window: PlanStep): Opening | undefined {
    try {
      return nextOpening(context.plan, window);
    } catch (error) {
      const reason = stepErrorOf(error).message;
      context.control.requestStop({ kind: 'declined', by: `gate ${window.input.gate?.name ?? window.id}`, reason });
      return undefined;
    }
  }

  private enter(context: GateContext, opening: Opening): void {
    const { events } = context.record;
    const passed = ({ id }: PlanStep): boolean =>
      events.some(
        (event) =>
          event.kind === 'gate-passed' && event.step === id && Date.parse(event.at) >= Date.parse(opening.opensAt),
      );
    for (const window of this.windows) if (!passed(window)) enterWindow(context, window, opening);
  }
}
