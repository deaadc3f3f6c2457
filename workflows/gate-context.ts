import type { PlanStep, RecoveryPlan } from '../core/model/plan';
import type { StepState } from '../core/model/run';
import type { RunControl } from './run-control';
import type { RunRecord } from './run-record';

/** What gates see of the run. */
export interface GateContext {
  readonly plan: RecoveryPlan;
  readonly control: RunControl;
  readonly record: RunRecord;
  /** Who asked for the run; empty when nobody said so. */
  readonly requester: string;
  readonly stateOf: (id: string) => StepState;
  /** Given when the run was started: a named person says that the active site is gone. */
  readonly declaredLost?: { readonly by: string; readonly reason: string };
  readonly waitingChanged: () => void;
  /** A window was passed that closes then. */
  readonly windowEntered: (step: PlanStep, closesAt: string) => void;
}
