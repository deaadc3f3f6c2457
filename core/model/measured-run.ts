import { policyOf } from './operation-policy';
import type { FailoverMode } from './operation';
import type { RecoveryPlan } from './plan';
import type { OperationPolicy } from './runbook';

/** What plans of one operation must share to take about as long. */
export interface PlanSize {
  readonly mode: FailoverMode;
  readonly strategy: OperationPolicy['strategy'];
  readonly workloads: number;
  readonly volumes: number;
  readonly records: number;
  /** Steps, compensations apart, that run a command or call a webhook. */
  readonly hooks: number;
}

/**
 * What a run took that did the whole of its plan by itself: the source of later estimates. In seconds, without what people and
 * the clock alone were waited for; `recoverySeconds` alone has them.
 */
export interface MeasuredRun {
  readonly size: PlanSize;
  /** From the plan to the end. */
  readonly workSeconds: number;
  /** In which the service was interrupted; absent: it was not moved. */
  readonly interruptionSeconds?: number;
  /**
   * From the declaration to verified traffic, what people and the clock were waited for included; of a drill, of its first leg.
   * Absent: nothing was recovered.
   */
  readonly recoverySeconds?: number;
}

export function planSize({
  operation,
  mode,
  steps,
  runbook,
}: Pick<RecoveryPlan, 'operation' | 'mode' | 'steps' | 'runbook'>): PlanSize {
  return {
    mode,
    strategy: policyOf(runbook, operation).strategy,
    workloads: runbook.workloads.length,
    volumes: runbook.volumes.length,
    records: runbook.traffic.length,
    hooks: steps.filter(({ input }) => input.hook !== undefined).length,
  };
}

export const sameSize = (one: PlanSize, other: PlanSize): boolean =>
  one.mode === other.mode &&
  one.strategy === other.strategy &&
  one.workloads === other.workloads &&
  one.volumes === other.volumes &&
  one.records === other.records &&
  one.hooks === other.hooks;
