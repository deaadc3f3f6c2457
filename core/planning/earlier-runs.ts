import { sameSize, planSize, type MeasuredRun } from '../model/measured-run';
import type { PlanStep, RecoveryPlan } from '../model/plan';
import type { RunSummary } from '../model/protection';
import { traitsOf } from '../model/step-kinds';
import { criticalPathSeconds, estimateOf, interruptionSeconds } from './critical-path';

/** Fewer say little: one of two may have been the odd one. */
export const FEWEST_RUNS = 3;

/** What was longer ago was on other data. */
export const MOST_RUNS = 10;

/** So many of the runs of the past took no longer than the estimate. */
const SHARE = 0.9;

type Subject = Pick<RecoveryPlan, 'operation' | 'mode' | 'steps' | 'runbook'>;
export type Estimates = Pick<RecoveryPlan, 'estimateSeconds' | 'interruptionSeconds' | 'earlierRuns'>;

/**
 * How long the plan will take, and the service be interrupted, when nobody is waited for: from the earlier runs of such plans
 * (newest first), else from the estimates of its steps. What is waited for by the clock is known, and added.
 */
export function estimatesOf(plan: Subject, earlier: readonly RunSummary[] = []): Estimates {
  const alike = runsLike(plan, earlier);
  if (alike.length < FEWEST_RUNS) return ownEstimates(plan);
  const estimateSeconds = rounded(
    percentile(alike.map((run) => run.workSeconds)) + criticalPathSeconds(plan.steps, clockOf),
  );
  const interruptions = alike.flatMap(({ interruptionSeconds: seconds }) => seconds ?? []);
  const clock = interruptionSeconds(plan, clockOf);
  return {
    estimateSeconds,
    // The longest of both may be of different runs.
    ...(clock !== undefined &&
      interruptions.length > 0 && {
        interruptionSeconds: Math.min(estimateSeconds, rounded(percentile(interruptions) + clock)),
      }),
    earlierRuns: alike.length,
  };
}

function ownEstimates(plan: Subject): Estimates {
  const interruption = interruptionSeconds(plan, estimateOf);
  return {
    estimateSeconds: criticalPathSeconds(plan.steps, estimateOf),
    ...(interruption !== undefined && { interruptionSeconds: interruption }),
  };
}

function runsLike(plan: Subject, earlier: readonly RunSummary[]): readonly MeasuredRun[] {
  const size = planSize(plan);
  return earlier
    .flatMap(({ operation, measured }) => (operation === plan.operation && measured ? [measured] : []))
    .filter((run) => sameSize(run.size, size))
    .slice(0, MOST_RUNS);
}

/** The 90th percentile by nearest rank: of less than ten the longest. */
export const percentile = (seconds: readonly number[]): number =>
  [...seconds].sort((one, other) => one - other)[Math.ceil(SHARE * seconds.length) - 1] ?? 0;

const clockOf = (step: PlanStep): number => (traitsOf(step.kind).waitsFor === 'clock' ? estimateOf(step) : 0);

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;
