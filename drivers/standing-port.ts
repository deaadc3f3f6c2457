import type { SiteSpec } from '../core/model/site';
import type { WorkloadStanding } from '../core/model/standing';
import type { VolumeSpec } from '../core/model/volume';
import type { WorkloadSpec } from '../core/model/workload';
import type { CallContext } from './ports';

export interface StandingRequest {
  readonly group: string;
  readonly site: SiteSpec;
  readonly workload: WorkloadSpec;
  /** Those that the workload writes. */
  readonly volumes: readonly VolumeSpec[];
  /** That it was started with. */
  readonly epoch: number;
}

/** Of sites that know more of a workload than what it answers; others do without. */
export interface StandingDriver {
  /**
   * Says of a workload that runs what it still lacks: instances that are not up, volumes that these do not have, or that nobody
   * has claimed for it. Changes nothing.
   */
  standing(request: StandingRequest, context: CallContext): Promise<WorkloadStanding>;
}
