import type { PlanStep, RecoveryPlan } from '../model/plan';
import type { StepState } from '../model/run';
import { traitsOf } from '../model/step-kinds';

/**
 * The steps of an earlier run that the one that continues it builds upon and that can be looked at: of those that act on the
 * same thing, the last. What is only claimed to be done, or was left out, is expected of nobody; nor is a fence that was let
 * pass unconfirmed, because a person has declared the site lost.
 */
export function builtUpon({ steps }: RecoveryPlan, known: ReadonlyMap<string, StepState>): readonly PlanStep[] {
  const latest = new Map<string, PlanStep>();
  for (const step of steps) {
    if (known.get(step.id)?.status !== 'done' || traitsOf(step.kind).verification === undefined) continue;
    const { site, workload, volume, record } = step;
    const target = JSON.stringify(record === undefined ? [site, workload, volume] : [record]);
    latest.set(target, step);
  }
  return [...latest.values()].filter(({ input }) => input.allowUnconfirmed !== true);
}
