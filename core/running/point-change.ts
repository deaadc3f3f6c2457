import type { Phase } from '../model/phase';
import type { RecoveryPlan } from '../model/plan';
import type { RunEvent } from '../model/run';

/** Another recovery point was chosen while the run was under way. */
export interface PointChange {
  readonly recoveryPoint: string;
  readonly by: string;
  readonly reason: string;
}

/** What was done in these says nothing about data: it stays when another recovery point is chosen. */
const keptPhases: ReadonlySet<Phase> = new Set(['verify', 'gates', 'prepare']);

/** Steps that a change of the recovery point does not undo: the old site stays shut out, and replication paused. */
function keptSteps(plan: RecoveryPlan): ReadonlySet<string> {
  const kept = new Set(plan.segments.filter(({ phase }) => keptPhases.has(phase)).map(({ id }) => id));
  return new Set(plan.steps.filter(({ segment }) => kept.has(segment)).map(({ id }) => id));
}

/** Of the begun steps those that are to be undone: all of them, or those that a change of the recovery point concerns. */
export function toUndo(plan: RecoveryPlan, begun: ReadonlySet<string>, change?: PointChange): ReadonlySet<string> {
  if (change === undefined) return begun;
  const kept = keptSteps(plan);
  return new Set([...begun].filter((id) => !kept.has(id)));
}

/** Begun steps that only a compensation takes back: whoever goes on has to know of them. */
export function leftBegun(plan: RecoveryPlan, begun: ReadonlySet<string>): readonly string[] {
  const kept = keptSteps(plan);
  const undone = new Set(plan.rollback.flatMap(({ compensates }) => compensates));
  return [...begun].filter((id) => kept.has(id) && undone.has(id));
}

/** Who has declared the active site lost in this run; that does not depend on the recovery point. */
export function declarationIn(
  events: readonly RunEvent[],
): { readonly by: string; readonly reason: string } | undefined {
  const said = events.flatMap((event) => (event.kind === 'decision' ? [event.decision] : [])).reverse();
  const declared = said.find(({ gate, decision }) => gate.startsWith('declare-lost/') && decision === 'approve');
  return (
    declared && { by: declared.by, reason: declared.comment ?? 'declared before another recovery point was chosen' }
  );
}
