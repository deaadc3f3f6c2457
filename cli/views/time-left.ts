import type { PlanStep } from '../../core/model/plan';
import type { StepState } from '../../core/model/run';
import { traitsOf } from '../../core/model/step-kinds';
import { criticalPathSeconds, estimateOf } from '../../core/planning/critical-path';
import { measure, union } from '../../core/report/history/intervals';
import { estimatedFrom } from '../../core/running/estimate-text';
import { formatSeconds, secondsBetween } from '../terminal/format';
import type { RunSnapshot } from './run-snapshot';

export interface Progress {
  /** Of the work, people's waits left out: 0 to 99, for only the verdict makes it whole. Absent where nothing takes time. */
  readonly percent?: number;
  /** Work that is left by the estimates, in seconds; absent when no work is left, and only people, clocks and the end are waited for. */
  readonly leftSeconds?: number;
  /** How many earlier runs the estimate is from; absent: from the steps of the plan. */
  readonly earlierRuns?: number;
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
  const waited = gateSeconds(plan.steps, status.steps, now);
  const worked = workedSeconds(steps, states, now);
  const toDo = steps.filter((step) => isWork(step) && !over.has(states.get(step.id)?.status ?? 'pending'));
  if (toDo.length === 0) return { gateSeconds: waited, ...(worked > 0 && { percent: 99 }) };
  // The chain of what is left cannot take less than its steps; of the rest the estimate of the whole knows more than they do.
  const chain = criticalPathSeconds(steps, (step) => leftOf(step, states.get(step.id), now));
  const leftSeconds = back ? chain : Math.max(plan.estimateSeconds - worked, chain);
  const whole = worked + leftSeconds;
  return {
    leftSeconds,
    gateSeconds: waited,
    ...(whole > 0 && { percent: Math.min(99, Math.floor((worked / whole) * 100)) }),
    ...(!back && plan.earlierRuns !== undefined && { earlierRuns: plan.earlierRuns }),
  };
}

/** TTLs are waited for as well, but it is known for how long. */
function isWork({ kind, input }: PlanStep): boolean {
  const { waitsFor } = traitsOf(kind);
  return kind !== 'barrier' && (waitsFor === undefined || (waitsFor === 'clock' && input.seconds !== undefined));
}

/** Time in which at least one step was at work. */
function workedSeconds(steps: readonly PlanStep[], states: ReadonlyMap<string, StepState>, now: string): number {
  const work = steps.filter(isWork).flatMap(({ id }) => {
    const { status, scheduledAt, result } = states.get(id) ?? {};
    const start = Date.parse(scheduledAt ?? result?.startedAt ?? '');
    if (!Number.isFinite(start)) return [];
    if (status === 'running') return [{ start, end: Date.parse(now) }];
    // Two clocks measured: the difference of two instants is only good when both are of the same one.
    return result ? [{ start, end: start + secondsBetween(result.startedAt, result.finishedAt) * 1000 }] : [];
  });
  return measure(union(work)) / 1000;
}

function leftOf(step: PlanStep, state: StepState | undefined, now: string): number {
  if (state !== undefined && over.has(state.status)) return 0;
  const estimate = estimateOf(step);
  if (state?.status !== 'running' || state.scheduledAt === undefined) return estimate;
  return Math.max(0, estimate - secondsBetween(state.scheduledAt, now));
}

function gateSeconds(steps: readonly PlanStep[], states: readonly StepState[], now: string): number {
  const gates = new Set(steps.filter((step) => step.kind !== 'barrier' && !isWork(step)).map(({ id }) => id));
  return states
    .filter(({ id }) => gates.has(id))
    .reduce((sum, { status, scheduledAt, result }) => {
      if (result) return sum + secondsBetween(result.startedAt, result.finishedAt);
      return status === 'running' && scheduledAt !== undefined ? sum + secondsBetween(scheduledAt, now) : sum;
    }, 0);
}

/** ", 35 %, about 8 s of work left (from 5 earlier runs), 2 min at gates" */
export function progressWords(progress: Progress | undefined): string {
  if (progress === undefined) return '';
  const { percent, gateSeconds: waited } = progress;
  return [
    ...(percent === undefined ? [] : [`, ${percent} %, ${leftWords(progress)}`]),
    ...(waited > 0 ? [`, ${formatSeconds(waited)} at gates`] : []),
  ].join('');
}

function leftWords({ leftSeconds, earlierRuns }: Progress): string {
  if (leftSeconds === undefined) return 'no work left';
  if (leftSeconds === 0) return 'longer than estimated';
  const from = earlierRuns === undefined ? '' : ` (${estimatedFrom({ earlierRuns })})`;
  return `about ${formatSeconds(leftSeconds)} of work left${from}`;
}
