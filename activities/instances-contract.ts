import type { SiteRole, SiteSpec } from '../core/model/site';
import type { InstancesByWorkload, WorkloadSpec } from '../core/model/workload';

/** Types only, like contract.ts: how many instances of workloads there are at the active site. */
export interface ObserveInstancesRequest {
  readonly group: string;
  /** The active one. */
  readonly site: SiteSpec;
  readonly workloads: readonly WorkloadSpec[];
  /** Digest of what the last look has seen. Absent: there was none. */
  readonly known?: string;
}

export interface InstancesLook {
  /** SHA-256 of what was seen, as hex. */
  readonly digest: string;
  /** What was seen for certain; absent: the same as the last look has seen. */
  readonly instances?: InstancesByWorkload;
}

export interface NoteInstancesRequest {
  readonly group: string;
  /** The run that has looked, before it changed anything. */
  readonly runId: string;
  /** As the run was given them: a group that has gone on does not take it. */
  readonly epoch: number;
  readonly activeSite: SiteRole;
  readonly seenAt: string;
  /** Of workloads that the group knew otherwise, or not at all. */
  readonly instances: InstancesByWorkload;
}

export interface InstancesActivities {
  /** At the active site. Looks at nothing but the workloads, and tells of them what a start needs. */
  observeInstances(request: ObserveInstancesRequest): Promise<InstancesLook>;
  /** Of the workflows' own task queue: tells the group what a run has seen. */
  noteInstances(request: NoteInstancesRequest): Promise<void>;
}
