import { SwitchbackFailure } from '../core/model/failure';
import type { RecoveryPlan } from '../core/model/plan';
import { encodedBytes } from '../temporal/encoded-bytes';

/**
 * Temporal takes 2 MiB in one payload. A run that continues another is given the other's plan together with all that happened, so
 * that a plan may have half of it.
 */
const mostMiB = 1;

/** @throws SwitchbackFailure `PlanTooLarge` when the plan, compressed, is more than what a run can carry */
export async function assertPlanFits(plan: RecoveryPlan): Promise<void> {
  const mebibytes = (await encodedBytes(plan)) / (1024 * 1024);
  if (mebibytes <= mostMiB) return;
  const { group, operation, steps, rollback, runbook } = plan;
  throw new SwitchbackFailure(
    'PlanTooLarge',
    `the plan of this ${operation} of "${group}" takes ${mebibytes.toFixed(2)} MiB compressed, ` +
      `${(mebibytes - mostMiB).toFixed(2)} MiB more than fits: ${runbook.workloads.length} workloads, ` +
      `${steps.length} steps and ${rollback.length} compensations`,
    { group },
  );
}
