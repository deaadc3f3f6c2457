import type { SiteExamination } from '../core/model/examination';
import type { Readiness } from '../core/model/readiness';
import type { SiteSpec } from '../core/model/site';
import type { VolumeSpec } from '../core/model/volume';
import type { WorkloadSpec } from '../core/model/workload';
import type { EvaluationInput } from '../core/readiness/evaluate-readiness';

/** Types only, like contract.ts. */
export interface ExamineSiteRequest {
  readonly group: string;
  readonly site: SiteSpec;
  readonly workloads: readonly WorkloadSpec[];
  readonly volumes: readonly VolumeSpec[];
  /** Names of the drivers that move the records of the runbook. */
  readonly recordDrivers: readonly string[];
}

export interface ReadinessActivities {
  /** At a site: what plans expect there beyond what operations look at. Changes nothing. */
  examineSite(request: ExamineSiteRequest): Promise<SiteExamination>;
  /** Of the workflows' own task queue: compiles what is possible next, and keeps of the plans only what is wrong with them. */
  evaluateReadiness(input: EvaluationInput): Promise<Omit<Readiness, 'tookSeconds'>>;
}
