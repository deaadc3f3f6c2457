import type { WrittenReport } from '../activities/contract';
import type { ProtectionPhase } from '../core/model/operation';
import type { Verdict } from '../core/model/verdict';
import type { OperationRun } from './operation-run';
import type { PointChange } from '../core/running/point-change';
import type { Stop } from './run-control';

/** How a run ends, and how it leaves its group. */
export interface Ending {
  readonly verdict: Verdict;
  readonly because: string;
  readonly phase: ProtectionPhase;
  /** What the group keeps of the report. */
  readonly written?: Omit<WrittenReport, 'files' | 'unkept'>;
  /** The report is not in the evidence yet. */
  readonly unkept?: true;
  /** The next run of the same id starts from there. */
  readonly change?: PointChange;
}

export function completed(run: OperationRun, phase: ProtectionPhase): Ending {
  const left = run.status().steps.filter((step) => step.status === 'skipped' || step.status === 'marked-done');
  if (left.length === 0) return { verdict: 'completed', because: 'every step is done and verified', phase };
  const because = `left out or done by hand: ${left.map((step) => step.id).join(', ')}`;
  return { verdict: 'completed-with-issues', because, phase };
}

export function rolledBack(stop: Stop, result: { readonly clean: boolean; readonly before: ProtectionPhase }): Ending {
  const because = `${stop.by}: ${stop.reason}`;
  if (!result.clean) {
    return { verdict: 'rollback-incomplete', because: `${because}; a compensation failed`, phase: 'Incomplete' };
  }
  const unmoved = stop.kind === 'rollback' || stop.kind === 'abort' ? undefined : stop.kind;
  return { verdict: unmoved ?? 'rolled-back', because, phase: result.before };
}
