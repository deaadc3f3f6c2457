import { CancellationScope } from '@temporalio/workflow';
import type { PlanStep } from '../core/model/plan';
import type { StepError, StepResult } from '../core/model/run';
import type { StepGraph } from '../core/running/step-graph';
import { now, stepErrorOf, wasCancelled } from './run-record';
import type { RunControl } from './run-control';

export interface Execution<Step extends PlanStep> {
  readonly graph: StepGraph<Step>;
  readonly control: RunControl;
  /** Steps in flight at most. */
  readonly concurrency: number;
  /** ask: a failed step waits for a person. continue: nobody is asked, the rest goes on (compensations). */
  readonly onFailure: 'ask' | 'continue';
  /** Whether nothing may start now; whoever holds it wakes the control when that has changed. */
  readonly held?: () => boolean;
  readonly perform: (step: Step) => Promise<StepResult>;
  readonly scheduled: (step: Step) => void;
  readonly done: (step: Step, result: StepResult) => void;
  readonly failed: (step: Step, error: StepError) => void;
}

/**
 * Walks a graph of steps, whatever operation it is of. A step starts the moment that its dependencies allow it, within the
 * concurrency limit. Returns when every step is settled, or when `control.stop` was asked for and nothing runs any more.
 *
 * 1. A step is registered as begun before it acts, so that its compensation is never forgotten.
 * 2. After a stop was asked for, no further step starts, and the running ones are cancelled and waited for.
 * 3. A failed step holds up only what requires it.
 */
export async function executePlan<Step extends PlanStep>(execution: Execution<Step>): Promise<'complete' | 'stopped'> {
  const { graph, control } = execution;
  const scope = new CancellationScope();
  let running = 0;
  let seen = control.seen;

  const launch = async (step: Step): Promise<void> => {
    running += 1;
    execution.scheduled(step);
    try {
      const result = await scope.run(() => execution.perform(step));
      graph.succeed(step.id, result);
      execution.done(step, result);
    } catch (error) {
      settleFailure(execution, step, error);
    } finally {
      running -= 1;
      control.wake();
    }
  };

  for (;;) {
    applyRequests(execution);
    if (control.stop !== undefined && execution.onFailure === 'ask') scope.cancel();
    else if (!control.paused && execution.held?.() !== true) {
      for (const step of graph.take(execution.concurrency - running, now())) void launch(step);
    }
    if (running === 0 && ended(execution)) return graph.complete ? 'complete' : 'stopped';
    seen = await control.changed(seen);
  }
}

function ended<Step extends PlanStep>({ graph, control, onFailure }: Execution<Step>): boolean {
  if (onFailure === 'continue') return graph.exhausted;
  return control.stop !== undefined || graph.complete;
}

function settleFailure<Step extends PlanStep>(execution: Execution<Step>, step: Step, error: unknown): void {
  if (wasCancelled(error) && execution.control.stop !== undefined) {
    execution.graph.pass(step.id, 'cancelled');
    return;
  }
  const stepError = stepErrorOf(error);
  execution.graph.fail(step.id, stepError);
  execution.failed(step, stepError);
}

function applyRequests<Step extends PlanStep>({ graph, control }: Execution<Step>): void {
  for (const id of control.takeRetries()) if (graph.stepOf(id)) graph.reopen(id);
  for (const [id, as] of control.takeLeftOut()) {
    if (graph.stepOf(id) && graph.stateOf(id).status === 'failed') graph.pass(id, as);
  }
}
