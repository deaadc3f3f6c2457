import { patched, workflowInfo } from '@temporalio/workflow';
import type { Observation } from '../core/model/observation';
import type { ProtectionState } from '../core/model/protection';
import type { Runbook } from '../core/model/runbook';
import { instancesIn, unknownOf } from '../core/running/instances-rules';
import { control } from './callers';

/**
 * Tells the group what a run has seen at the active site and the group did not know: the site may be lost before the group looks
 * again. A group that does not take it keeps what it knew, and the run goes on.
 */
export async function tellInstances(
  runbook: Runbook,
  { group, epoch, activeSite, instances }: ProtectionState,
  { observedAt, sites }: Observation,
): Promise<void> {
  const news = unknownOf(instancesIn(runbook.workloads, sites[activeSite].workloads), instances);
  if (Object.keys(news).length === 0 || !patched('tells-instances')) return;
  const { runId } = workflowInfo();
  try {
    await control.noteInstances({ group, runId, epoch, activeSite, seenAt: observedAt, instances: news });
  } catch {
    // The group looks by itself every few minutes.
  }
}
