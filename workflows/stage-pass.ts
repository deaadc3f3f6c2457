import { proxyActivities, uuid4, workflowInfo } from '@temporalio/workflow';
import type { StageActivities } from '../activities/stage-contract';
import { siteTaskQueue } from '../core/model/names';
import type { ProtectionState } from '../core/model/protection';
import type { Runbook } from '../core/model/runbook';
import { peerRole } from '../core/model/site';
import type { StageDiff, StagePolicy } from '../core/model/stage';

/** One pass of staging to the standby, by the worker of the standby. */
export function stagePass(
  { sites, workloads, execution }: Runbook,
  policy: StagePolicy,
  { group, epoch, activeSite, dryRun }: Pick<ProtectionState, 'group' | 'epoch' | 'activeSite'> & { dryRun: boolean },
): Promise<StageDiff> {
  const target = peerRole(activeSite);
  const site = proxyActivities<StageActivities>({
    taskQueue: siteTaskQueue(sites[target].name),
    startToCloseTimeout: '1 hour',
    scheduleToStartTimeout: '30 seconds',
    heartbeatTimeout: execution.heartbeatSeconds * 1000,
    retry: { maximumAttempts: 1 },
  });
  return site.stage({
    group,
    operationKey: `${workflowInfo().runId}/stage/${uuid4()}`,
    epoch,
    sites,
    target,
    policy,
    workloads,
    dryRun,
    heartbeatSeconds: execution.heartbeatSeconds,
  });
}
