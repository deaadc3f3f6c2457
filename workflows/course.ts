import type { RecoveryPlan } from '../core/model/plan';
import type { StepState } from '../core/model/run';

/** What a run carries out. */
export interface Course {
  readonly plan: RecoveryPlan;
  /** How steps and compensations of an earlier run ended that this one continues. */
  readonly known: ReadonlyMap<string, StepState>;
  readonly undone: ReadonlyMap<string, StepState>;
  /** Begins every operation key. */
  readonly keyBase: string;
}
