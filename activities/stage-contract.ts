import type { SiteRole, SiteSpec } from '../core/model/site';
import type { StageDiff, StagePolicy } from '../core/model/stage';
import type { WorkloadSpec } from '../core/model/workload';

/** Types only, like contract.ts. */
export interface StagePassRequest {
  readonly group: string;
  readonly operationKey: string;
  readonly epoch: number;
  readonly sites: Readonly<Record<SiteRole, SiteSpec>>;
  /** The standby. */
  readonly target: SiteRole;
  readonly policy: StagePolicy;
  readonly workloads: readonly WorkloadSpec[];
  readonly dryRun: boolean;
  readonly heartbeatSeconds: number;
}

/** Activities of the task queue of the standby: its worker reads the active site as well. */
export interface StageActivities {
  stage(request: StagePassRequest): Promise<StageDiff>;
}
