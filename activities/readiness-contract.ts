import type { SiteExamination } from '../core/model/examination';
import type { HookObservation, Observation } from '../core/model/observation';
import type { Operation } from '../core/model/operation';
import type { ProtectionState } from '../core/model/protection';
import type { Readiness } from '../core/model/readiness';
import type { Runbook } from '../core/model/runbook';
import type { SiteRole, SiteSpec } from '../core/model/site';
import type { VolumeSpec } from '../core/model/volume';
import type { WorkloadSpec } from '../core/model/workload';

/** Types only, like contract.ts. */
export interface ExamineSiteRequest {
  readonly group: string;
  readonly site: SiteSpec;
  readonly workloads: readonly WorkloadSpec[];
  readonly volumes: readonly VolumeSpec[];
  /** Names of the drivers that move the records of the runbook. */
  readonly recordDrivers: readonly string[];
}

/** As core/readiness/evaluate-readiness.ts takes it. */
export interface EvaluateReadinessRequest {
  readonly runbook: Runbook;
  readonly digest: string;
  readonly state: ProtectionState;
  readonly observation: Observation;
  readonly examinations: Readonly<Partial<Record<SiteRole, SiteExamination>>>;
  readonly hooks: Readonly<Partial<Record<Operation, HookObservation>>>;
  readonly missingForNotices: readonly string[];
}

export interface ReadinessActivities {
  /** At a site: what plans expect there beyond what operations look at. Changes nothing. */
  examineSite(request: ExamineSiteRequest): Promise<SiteExamination>;
  /** Of the workflows' own task queue: compiles what is possible next, and keeps of the plans only what is wrong with them. */
  evaluateReadiness(request: EvaluateReadinessRequest): Promise<Omit<Readiness, 'tookSeconds'>>;
}
