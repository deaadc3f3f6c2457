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

const ofSwitchback =
  'Do not run the operation. No runbook should bring this about: it is a fault of Switchback; report it with the runbook.';

/** Every way in which a trial can end otherwise than designed, and what to do unless something better is known of the step. */
export const wrongEnds = {
  NotUndone: {
    meaning: 'What the runbook adds, a hook or a manual step, was done, and stays done when the run is rolled back.',
    fix: 'Give the step an `inverse`, or a place after the commit point, or `mayStay: true` when nothing need be undone.',
  },
  NotCompleted: {
    meaning: 'The operation does not come to its end although nothing was made to fail.',
    fix: 'Look at what the step saw, and change what it needs in the runbook.',
  },
  RollbackStopped: {
    meaning: 'A compensation failed that was not made to, or one did not run that could have.',
    fix: 'Look at what the compensation saw. An inverse must be able to run at its site whatever was lost.',
  },
  NotAsBefore: {
    meaning:
      'After the rollback the workloads, volumes, records, fences or epochs are not as they were in the beginning.',
    fix: ofSwitchback,
  },
  NotAsDesigned: {
    meaning: 'The operation came to its end, and the group is not as it should be then.',
    fix: ofSwitchback,
  },
  TwoActive: { meaning: 'Two sites could write the same data.', fix: ofSwitchback },
  UnprovenData: {
    meaning: 'A workload started on data that was neither proven complete nor a named recovery point.',
    fix: ofSwitchback,
  },
  NewerDataLost: { meaning: 'Data flowed onto data that was newer, or in use.', fix: ofSwitchback },
  UnhealthyTraffic: { meaning: 'Customers were led to a site where not everything is healthy.', fix: ofSwitchback },
} as const;

export type WrongEndCode = keyof typeof wrongEnds;

/** What the program of the simulation says, one JSON line each: first of every runbook, then of each of its scenes. */
export type TrialNews =
  | { readonly kind: 'runbook'; readonly file: string; readonly group: string }
  /** `trials`: how many are to come. */
  | { readonly kind: 'scene'; readonly operation: Operation; readonly scene: string; readonly trials: number }
  | { readonly kind: 'trial'; readonly trial: FaultTrial }
  | { readonly kind: 'end' };
