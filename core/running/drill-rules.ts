import type { Holder, ProtectionState } from '../model/protection';
import type { Verdict } from '../model/verdict';
import { lagSeconds, RUNS_KEPT, type Release } from './protection-rules';

/** Why no drill can begin beside what the group does now, or undefined. */
export function drillRefused({ group, holder, incomplete }: ProtectionState): string | undefined {
  if (holder) return `group "${group}" is held by ${holder.operation} ${holder.workflowId} since ${holder.since}`;
  if (incomplete === undefined) return undefined;
  return `group "${group}" is Incomplete: ${incomplete.workflowId} stopped half-way. Resume it, or roll it back, before a drill`;
}

/** A drill runs beside the group, whose phase, epoch and lock it leaves alone. One that ended unseen may have left its copy. */
export function drillBegun(state: ProtectionState, drill: Holder, dead?: string): ProtectionState {
  const { drill: before, drillLag: _ofBefore, ...rest } = state;
  const left = before && { ...runOf(before), since: before.since, because: `it was ${dead ?? 'closed'}` };
  return { ...rest, drill, ...(left && { drillLeft: left }) };
}

/** Whether a run that ended so has come to do anything at all. */
export const nothingTried = (verdict: Verdict): boolean =>
  ['refused', 'declined', 'expired', 'withdrawn'].includes(verdict);

/** It has ended, and says whether its copy is gone. */
export function drillEnded(state: ProtectionState, { phase, summary, because }: Release): ProtectionState {
  const { drill, drillLag: _measured, drillLeft, ...rest } = state;
  const runs = [summary, ...state.runs].slice(0, RUNS_KEPT);
  if (phase === 'Incomplete') {
    return { ...rest, runs, ...(drill && { drillLeft: { ...runOf(drill), since: summary.finishedAt, because } }) };
  }
  const unmade = nothingTried(summary.verdict);
  return { ...rest, runs, ...(unmade && drillLeft && { drillLeft }) };
}

/**
 * While a drill runs, the furthest that the standby was behind. It is that far behind just before a pass ends, so this is asked
 * before the state learns of the pass.
 */
export function lagNoted(state: ProtectionState, now: string): ProtectionState {
  if (state.drill === undefined) return state;
  const seconds = lagSeconds(state, Object.keys(state.replication.asOf), now);
  if (seconds === undefined || seconds <= (state.drillLag?.seconds ?? -1)) return state;
  return { ...state, drillLag: { seconds, at: now } };
}

const runOf = ({ workflowId, runId }: Holder) => ({ workflowId, runId });
