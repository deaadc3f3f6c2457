import type { ProtectionPhase } from '../model/operation';
import type { ProtectionState } from '../model/protection';
import { peerRole } from '../model/site';
import type { StageDiff, StageSummary } from '../model/stage';

/** How much of a diff the state of the group keeps. */
const findingsKept = 5;

const settled: readonly ProtectionPhase[] = ['Protected', 'FailedOver', 'ReverseProtected'];

/** Why nothing is staged now, or undefined: who is active must be certain, and nobody about to change it. */
export function whyNotStaged({
  group,
  holder,
  phase,
  activeSite,
  fencing,
  moved,
}: ProtectionState): string | undefined {
  if (moved) return `group "${group}" was moved to another Temporal at ${moved.at}`;
  if (holder !== undefined) return `group "${group}" is held by ${holder.operation} ${holder.workflowId}`;
  if (!settled.includes(phase)) return `group "${group}" is ${phase}: it is not certain which site is active`;
  const standby = peerRole(activeSite);
  const is = fencing[standby];
  if (is === 'unfenced' || is === 'fenced') return undefined;
  return `the ${standby} site is ${is}: what ran there may still run`;
}

/** A pass in short. */
export function summaryOf({ changes: _changes, dryRun: _dryRun, kept, troubles, ...counts }: StageDiff): StageSummary {
  return { ...counts, kept: kept.slice(0, findingsKept), troubles: troubles.slice(0, findingsKept) };
}

/** The state after a pass. */
export const staged = (state: ProtectionState, last: StageSummary): ProtectionState => ({ ...state, stage: { last } });

/** The state after a pass that could not be made. What was found before stays. */
export const stageFailed = (state: ProtectionState, lastError: string): ProtectionState => ({
  ...state,
  stage: { ...state.stage, lastError },
});

/** "2 created, 1 changed, 30 as they should be, 1 kept, 1 trouble" */
export function stageCounts({
  created,
  changed,
  deleted,
  unchanged,
  keptCount,
  troubleCount,
}: Omit<StageSummary, 'from' | 'to' | 'finishedAt' | 'kept' | 'troubles'>): string {
  const parts = [
    [created, 'created'],
    [changed, 'changed'],
    [deleted, 'deleted'],
    [unchanged, 'as they should be'],
    [keptCount, 'kept'],
    [troubleCount, troubleCount === 1 ? 'trouble' : 'troubles'],
  ] as const;
  const said = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return said.join(', ') || 'nothing to do';
}
