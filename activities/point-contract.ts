import type { SiteSpec } from '../core/model/site';
import type { ApplicationPointsPolicy, PointSet, RecoveryPoint, RetentionRule, VolumeSpec } from '../core/model/volume';

/** Types only, like contract.ts: the activities of application-consistent recovery points. */

/** A set of recovery points for which the application keeps still. */
export interface ResumeRequest {
  readonly group: string;
  readonly site: SiteSpec;
  readonly epoch: number;
  /** Id of the set. */
  readonly set: string;
  readonly resume: readonly string[];
  readonly heartbeatSeconds: number;
}

export interface QuiesceRequest extends Omit<ResumeRequest, 'resume'> {
  readonly policy: ApplicationPointsPolicy;
}

/** By the clock of the active site. */
export interface Quiesced {
  readonly begunAt: string;
  readonly quiescedAt: string;
}

export interface Resumed {
  readonly resumedAt: string;
}

export interface CaptureSetRequest {
  readonly group: string;
  readonly operationKey: string;
  readonly epoch: number;
  readonly site: SiteSpec;
  readonly volumes: readonly VolumeSpec[];
  readonly set: PointSet;
  /** By volume: the end of the pass that ran while the application kept still. */
  readonly asOf: Readonly<Record<string, string>>;
  readonly retention: readonly RetentionRule[];
  readonly heartbeatSeconds: number;
}

export interface CapturedSet {
  readonly points: readonly RecoveryPoint[];
}

/** Activities of a site's task queue for application-consistent recovery points. */
export interface PointActivities {
  /** At the active site. However it ends, resume must follow, unless it never began. */
  quiesceApplication(request: QuiesceRequest): Promise<Quiesced>;
  resumeApplication(request: ResumeRequest): Promise<Resumed>;
  /** At the standby. */
  captureSet(request: CaptureSetRequest): Promise<CapturedSet>;
}
