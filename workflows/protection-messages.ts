import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { AcquireRequest, Acquired, ReleaseRequest } from '../activities/contract';
import type { ReplicationDirection } from '../core/model/operation';
import type { Operation } from '../core/model/operation';
import type { ProtectionState } from '../core/model/protection';
import type { SiteRole } from '../core/model/site';
import { queries } from './messages';

/** Input of `protection`. `state` is there after a continue-as-new, or when a state is imported. */
export interface ProtectionInput {
  readonly runbook: string;
  readonly state?: ProtectionState;
}

export interface AcquireUpdate extends AcquireRequest {
  /** The holder of this run id was found dead: its hold ends. */
  readonly deadHolder?: { readonly runId: string; readonly closedAs: string };
}

export interface CommitUpdate {
  readonly runId: string;
  readonly operation: Operation;
  readonly epoch: number;
  readonly activeSite: SiteRole;
  readonly direction: ReplicationDirection;
}

export interface ReplicationUpdate {
  readonly runId: string;
  readonly direction?: ReplicationDirection;
}

export const stateQuery = defineQuery<ProtectionState | null>(queries.state);
export const acquireUpdate = defineUpdate<Acquired, [AcquireUpdate]>('acquire');
export const releaseUpdate = defineUpdate<string, [ReleaseRequest]>('release');
export const commitUpdate = defineUpdate<string, [CommitUpdate]>('commit');
export const pauseReplicationUpdate = defineUpdate<string, [ReplicationUpdate]>('pauseReplication');
export const resumeReplicationUpdate = defineUpdate<string, [ReplicationUpdate]>('resumeReplication');
