import type { PlanStep } from '../../model/plan';
import type { Moment } from './moment';
import { isComplete, type StepRecord } from './step-records';

/**
 * The records with those of the barriers. A barrier does nothing, so that no event tells of it: it is passed in the moment in
 * which the last of the steps before it is complete.
 */
export function withPassedBarriers(
  steps: readonly PlanStep[],
  records: ReadonlyMap<string, StepRecord>,
): ReadonlyMap<string, StepRecord> {
  const all = new Map(records);
  let waiting = steps.filter(({ id, kind }) => kind === 'barrier' && !all.has(id));
  for (let before = Infinity; waiting.length < before;) {
    before = waiting.length;
    waiting = waiting.filter((barrier) => {
      const settled = passedAt(barrier, all);
      if (settled) all.set(barrier.id, { id: barrier.id, tries: [], status: 'done', settled });
      return !settled;
    });
  }
  return all;
}

function passedAt({ dependsOn }: PlanStep, records: ReadonlyMap<string, StepRecord>): Moment | undefined {
  const complete = dependsOn.map((id) => records.get(id)).filter(isComplete);
  if (complete.length < dependsOn.length) return undefined;
  return complete.map(({ settled }) => settled).reduce<Moment | undefined>(later, undefined);
}

const later = (a: Moment | undefined, b: Moment): Moment => (a === undefined || b.order > a.order ? b : a);
