import type { Runbook } from '../../core/model/runbook';

/** What a worker over in-memory sites is told. */
export interface MemoryWorkerSettings {
  readonly runbooks: readonly Runbook[];
  /** What each step takes, in milliseconds. */
  readonly stepMs: number;
  /** compiled: as the product plans it. four-steps: bench/plan/four-steps.ts. */
  readonly plan: 'compiled' | 'four-steps';
  /** Sites outlive the worker that is killed: their state is kept in this file after every call. */
  readonly stateFile?: string;
}
