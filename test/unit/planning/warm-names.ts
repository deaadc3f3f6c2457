import { policyOf } from '../../../core/model/operation-policy';
import type { RecoveryPlan } from '../../../core/model/plan';

/** Workloads that the plan starts before it has fenced the old site: stateless ones of a warm strategy. */
export function warmNames(plan: RecoveryPlan): ReadonlySet<string> {
  if (policyOf(plan.runbook, plan.operation).strategy !== 'warm' || plan.mode === 'unplanned') return new Set();
  const byName = new Map(plan.runbook.workloads.map((workload) => [workload.name, workload]));
  const stateless = (name: string): boolean => {
    const workload = byName.get(name);
    return workload !== undefined && workload.volumes.length === 0 && workload.dependsOn.every(stateless);
  };
  return new Set(plan.runbook.workloads.filter(({ name }) => stateless(name)).map(({ name }) => name));
}
