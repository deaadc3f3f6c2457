import type { SiteExamination } from '../core/model/examination';
import type { SiteSpec } from '../core/model/site';
import type { VolumeSpec } from '../core/model/volume';
import type { WorkloadSpec } from '../core/model/workload';

export interface ExaminationRequest {
  readonly site: SiteSpec;
  readonly group: string;
  readonly workloads: readonly WorkloadSpec[];
  readonly volumes: readonly VolumeSpec[];
}

/** Of sites that can say more of themselves than operations ask; others do without. */
export interface ExaminationDriver {
  /** What plans expect at the site and is there, or not. What cannot be found out is named in `unknown`, never an error. Changes nothing. */
  examine(request: ExaminationRequest): Promise<SiteExamination>;
}
