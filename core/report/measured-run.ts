import { planSize, type MeasuredRun } from '../model/measured-run';
import type { RecoveryPlan } from '../model/plan';
import type { RunEvent } from '../model/run';
import type { Verdict } from '../model/verdict';
import { drillLegs } from './figures/drill-legs';
import { interruption, recoveryTime } from './figures/recovery';
import { workTime } from './figures/time-breakdown';
import { firstOf, readHistory, type RunHistory } from './history/run-history';

/**
 * What a run says of how long the next one takes; undefined when it says nothing: it did not do all of its plan, or a person did a
 * part of it. What a person was asked about and had tried again counts as often as it was tried, without the time to the answer.
 */
export function measuredRun(run: {
  readonly plan: RecoveryPlan;
  readonly events: readonly RunEvent[];
  readonly verdict: Verdict;
}): MeasuredRun | undefined {
  if (run.verdict !== 'completed') return undefined;
  const history = readHistory({ ...run, finished: true });
  const whole = stretchOfPlan(history);
  if (whole === undefined) return undefined;
  const { operation } = run.plan;
  const { startedAt, endedAt } = interruption(history, operation);
  const recoverySeconds = recoveryTime(history, operation).seconds ?? drillLegs(history, operation)?.[0]?.seconds;
  return {
    size: planSize(run.plan),
    workSeconds: workTime(history, whole).workSeconds,
    ...(startedAt !== undefined &&
      endedAt !== undefined && {
        interruptionSeconds: workTime(history, { start: Date.parse(startedAt), end: Date.parse(endedAt) }).workSeconds,
      }),
    ...(recoverySeconds !== undefined && { recoverySeconds }),
  };
}

/** From the plan to the end of the run, or to what is known last. */
export function stretchOfPlan(history: RunHistory): RunHistory['span'] | undefined {
  const start = firstOf(history, 'plan-pinned')?.moment.ms;
  const end = firstOf(history, 'run-finished')?.moment.ms ?? history.span.end;
  return start === undefined ? undefined : { start, end: Math.max(start, end) };
}
