import type { StepOutcome } from '../activities/steps/step-body';
import type { PlanStep } from '../core/model/plan';
import type { StepResult } from '../core/model/run';
import type { StepGraph } from '../core/running/step-graph';
import type { Choose } from './choose';

const at = '2026-11-21T10:00:00.000Z';

const resultOf = (outcome: StepOutcome): StepResult => ({
  ...outcome,
  startedAt: at,
  finishedAt: at,
  attempt: 1,
  worker: 'simulation',
});

/**
 * What follows when a step has failed. stop: the walk ends, as before a rollback. leave-failed: the rest goes on, as in a
 * rollback. leave-out: the rest goes on as if it were done. retry: it is tried again.
 */
export type Answer = 'stop' | 'leave-failed' | 'leave-out' | 'retry';

export interface Walk<Step extends PlanStep> {
  readonly graph: StepGraph<Step>;
  readonly concurrency: number;
  readonly choose: Choose;
  readonly answer: (failed: Step) => Answer;
  readonly begun: (step: Step) => void;
  readonly perform: (step: Step) => Promise<StepOutcome>;
  /** After every step, whatever became of it. */
  readonly after: (step: Step) => Promise<void>;
}

/**
 * workflows/execute-plan.ts without Temporal: which of the running steps acts next is chosen, so that every legal order of
 * effects can come about. After a stop each of the other running steps either still acts or is cancelled before it did.
 * Gives the id of the step whose failure ended the walk.
 */
export async function walk<Step extends PlanStep>(options: Walk<Step>): Promise<string | undefined> {
  const { graph, choose } = options;
  const running: Step[] = [];
  for (;;) {
    for (const step of graph.take(options.concurrency - running.length, at)) {
      options.begun(step);
      running.push(step);
    }
    const [step] = running.splice(choose(Math.max(1, running.length)), 1);
    if (step === undefined) return undefined;
    await act(options, step);
    if (graph.stateOf(step.id).status !== 'failed') continue;
    const answer = options.answer(step);
    if (answer === 'retry') graph.reopen(step.id);
    if (answer === 'leave-out') graph.pass(step.id, 'skipped');
    if (answer !== 'stop') continue;
    for (const other of running) {
      if (choose(2) === 1) await act(options, other);
      else graph.pass(other.id, 'cancelled');
    }
    return step.id;
  }
}

async function act<Step extends PlanStep>({ graph, perform, after }: Walk<Step>, step: Step): Promise<void> {
  try {
    graph.succeed(step.id, resultOf(await perform(step)));
  } catch (error) {
    graph.fail(step.id, {
      code: 'StepFailed',
      message: error instanceof Error ? error.message : String(error),
      attempts: 1,
    });
  }
  await after(step);
}
