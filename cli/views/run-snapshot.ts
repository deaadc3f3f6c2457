import type { RecoveryPlan } from '../../core/model/plan';
import type { RunStatus } from '../../core/model/run';

/** Everything that the live view of a run shows, as it is at one moment. */
export interface RunSnapshot {
  readonly status: RunStatus;
  /** Null while it is being compiled. */
  readonly plan: RecoveryPlan | null;
  /** Of activities that are running now, by step id. */
  readonly progress: ReadonlyMap<string, RunningStep>;
  /** ISO. */
  readonly now: string;
  /** Why the run could not be asked this time; what is shown is then what was known before. */
  readonly trouble?: string;
}

export interface RunningStep {
  readonly attempt: number;
  readonly progress?: StepProgress;
  /** Why the attempt before this one failed. */
  readonly lastFailure?: string;
}

/** What long work says of itself in its heartbeats (`Progress` of drivers/ports.ts). */
export interface StepProgress {
  readonly doing: string;
  readonly done?: number;
  readonly total?: number;
  readonly unit?: 'bytes' | 'files' | 'tries';
}
