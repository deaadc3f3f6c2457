import type { Operation } from './operation';
import type { Verdict } from './verdict';

/** What `switchback test` makes go wrong: one step of a plan, or of its rollback. */
export interface TrialFault {
  /** Id in the plan, "stop-workload/ledger@alpha". */
  readonly step: string;
  readonly title: string;
  /** before: nothing happened. after: it happened, and the answer got lost. closed: a gate that does not open. */
  readonly moment: 'before' | 'after' | 'closed';
  /** rollback: the last step before the commit point has failed, and now this compensation fails. */
  readonly during: 'run' | 'rollback';
}

/**
 * How the trial ended. unsafe: looking stopped where an invariant broke. stuck: something failed that was not made to, and
 * nothing leads on.
 */
export type TrialEnd = Verdict | 'unsafe' | 'stuck';

/** One operation simulated on in-memory sites. */
export interface FaultTrial {
  readonly operation: Operation;
  /** The situation that it begins from, "unplanned failover of a lost site". */
  readonly scene: string;
  /** Absent: nothing was made to fail. */
  readonly fault?: TrialFault;
  readonly end: TrialEnd;
  /** Empty: it ended as designed. */
  readonly wrong: readonly WrongEnd[];
}

export interface WrongEnd {
  readonly code: WrongEndCode;
  /** What it is about: a step, a workload, a record. Equal for what has one cause, whichever fault found it. */
  readonly subject: string;
  readonly saw: string;
  /** What to change in the runbook, or else to do. */
  readonly fix: string;
}

/** Every way in which a trial can end otherwise than designed. */
export const wrongEnds = {
  TwoActive: 'Two sites could write the same data.',
  UnprovenData: 'A workload started on data that was neither proven complete nor a named recovery point.',
  NewerDataLost: 'Data flowed onto data that was newer, or in use.',
  UnhealthyTraffic: 'Customers were led to a site where not everything is healthy.',
  NotCompleted: 'The operation does not come to its end, though nothing was made to fail.',
  NotAsDesigned: 'The operation came to its end, and the group is not as it should be then.',
  RollbackStopped: 'A compensation failed that was not made to, or one did not run that could have.',
  NotAsBefore: 'After the rollback the group is not as it was in the beginning.',
  NotUndone: 'What the runbook adds was done, and stays done after the rollback.',
} as const;

export type WrongEndCode = keyof typeof wrongEnds;

/** What the program of the simulation says, one JSON line each: first of every runbook, then of each of its scenes. */
export type TrialNews =
  | { readonly kind: 'runbook'; readonly file: string; readonly group: string }
  /** `trials`: how many are to come. */
  | { readonly kind: 'scene'; readonly operation: Operation; readonly scene: string; readonly trials: number }
  | { readonly kind: 'trial'; readonly trial: FaultTrial }
  | { readonly kind: 'end' };
