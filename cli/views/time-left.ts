import type { PlanStep } from '../../core/model/plan';
import type { StepState } from '../../core/model/run';
import { traitsOf } from '../../core/model/step-kinds';
import { criticalPathSeconds, estimateOf } from '../../core/planning/critical-path';
import { formatSeconds, secondsBetween } from '../terminal/format';
import type { RunSnapshot } from './run-snapshot';

export interface Progress {
  /** Of the work, people's waits left out: 0 to 99, for only the verdict makes it whole. Absent where nothing takes time. */
  readonly percent?: number;
  /** Work that is left by the estimates, in seconds. */
  readonly leftSeconds: number;
  /** Time at gates so far, in seconds: for people to decide, or for a window to open. */
  readonly gateSeconds: number;
}

const over: ReadonlySet<StepState['status']> = new Set(['done', 'skipped', 'marked-done', 'not-needed', 'cancelled']);

/** How far the run is: forward, or in a rollback on its way back. Undefined before there is a plan, and after the end. */
export function progressOf({ plan, status, now }: RunSnapshot): Progress | undefined {
  if (plan === null || status.verdict !== undefined) return undefined;
  const back = status.rollback.some(({ status: is }) => is !== 'pending' && is !== 'not-needed');
  const states = new Map((back ? status.rollback : status.steps).map((state) => [state.id, state]));
  const all: readonly PlanStep[] = back ? plan.rollback : plan.steps;
  const steps = all.filter(({ id }) => states.get(id)?.status !== 'not-needed');
  const total = criticalPathSeconds(steps, estimateOf);
  const left = criticalPathSeconds(steps, (step) => leftOf(step, states.get(step.id), now));
  const percent = Math.max(0, Math.min(99, Math.floor((1 - left / total) * 100)));
  // What the plan says of the whole holds; the single steps say how much of it is left.
  const leftSeconds = back || total === 0 ? left : (left / total) * plan.estimateSeconds;
  return { leftSeconds, gateSeconds: gateSeconds(plan.steps, status.steps, now), ...(total > 0 && { percent }) };
}

function leftOf(step: PlanStep, state: StepState | undefined, now: string): number {
  if (state !== undefined && over.has(state.status)) return 0;
  const estimate = estimateOf(step);
  if (state?.status !== 'running' || state.scheduledAt === undefined) return estimate;
  return Math.max(0, estimate - secondsBetween(state.scheduledAt, now));
}

function gateSeconds(steps: readonly PlanStep[], states: readonly StepState[], now: string): number {
  const gates = new Set(
    steps.filter(({ kind, input }) => traitsOf(kind).waitsFor && input.seconds === undefined).map(({ id }) => id),
  );
  return states
    .filter(({ id }) => gates.has(id))
    .reduce((sum, { status, scheduledAt, result }) => {
      if (result) return sum + secondsBetween(result.startedAt, result.finishedAt);
      return status === 'running' && scheduledAt !== undefined ? sum + secondsBetween(scheduledAt, now) : sum;
    }, 0);
}

/** ", 35 %, about 8 s of work left, 2 min at gates" */
export function progressWords(progress: Progress | undefined): string {
  if (progress === undefined) return '';
  const { percent, leftSeconds, gateSeconds: waited } = progress;
  const left = leftSeconds > 0 ? `about ${formatSeconds(leftSeconds)} of work left` : 'longer than estimated';
  return [
    ...(percent === undefined ? [] : [`, ${percent} %, ${left}`]),
    ...(waited > 0 ? [`, ${formatSeconds(waited)} at gates`] : []),
  ].join('');
}
