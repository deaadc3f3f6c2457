import { CancellationScope } from '@temporalio/workflow';
import type { RecoveryPlan } from '../core/model/plan';
import type { PointChange } from '../core/running/point-change';
import { choosePoints, parsePointChoice } from '../core/running/point-choice';
import { wholeLook } from './callers';
import type { OperationInput } from './messages';
import { stepErrorOf } from './run-record';

/** Why the run cannot start from these points, as far as its site can say. Never rejects. */
export async function lookForPoint(plan: RecoveryPlan, wanted: string): Promise<string | undefined> {
  const choice = parsePointChoice(wanted);
  if (typeof choice === 'string') return choice;
  // The replica is made again what it was before it is started from.
  if (choice.kind === 'latest') return undefined;
  const { runbook, to } = plan;
  const { sites, group, volumes } = runbook;
  try {
    const seen = await CancellationScope.nonCancellable(() =>
      wholeLook(sites[to].name).observeSite({ role: to, sites, group, workloads: [], volumes }),
    );
    if (!seen.health.reachable) return `${sites[to].name} does not answer: its recovery points cannot be looked at`;
    const { missing } = choosePoints(choice, seen.volumes);
    return missing.length === 0 ? undefined : missing.join('; ').slice(0, 1000);
  } catch (error) {
    return `the recovery points of ${sites[to].name} cannot be looked at: ${stepErrorOf(error).message}`;
  }
}

/** The stop that leads to another recovery point. */
export const stopForPoint = ({ input }: { readonly input: OperationInput }, change: PointChange) =>
  ({
    kind: 'rollback',
    by: change.by,
    reason: `recovery point "${change.recoveryPoint}" instead of "${input.recoveryPoint ?? 'latest'}": ${change.reason}`,
    change,
  }) as const;
