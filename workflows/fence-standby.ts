import { proxyActivities } from '@temporalio/workflow';
import type { SiteActivities } from '../activities/contract';
import { siteTaskQueue } from '../core/model/names';
import type { Runbook } from '../core/model/runbook';
import { peerRole } from '../core/model/site';
import type { StateCell } from './state-cell';

/** Shuts out a standby that could not be fenced when it was lost, as soon as it answers. */
export async function fenceStandby(cell: StateCell, runbook: Runbook): Promise<void> {
  const state = cell.get();
  const standby = peerRole(state.activeSite);
  const site = proxyActivities<SiteActivities>({
    taskQueue: siteTaskQueue(runbook.sites[standby].name),
    startToCloseTimeout: '10 seconds',
    scheduleToCloseTimeout: '15 seconds',
    retry: { maximumAttempts: 1 },
  });
  try {
    const { fencing } = await site.fenceStandby({
      group: state.group,
      site: runbook.sites[standby],
      epoch: state.epoch,
    });
    const latest = cell.get();
    cell.change({ ...latest, fencing: { ...latest.fencing, [standby]: fencing } });
  } catch {
    // Still out of reach: it stays unconfirmed, which the state says, and is tried again in the next turn.
  }
}
