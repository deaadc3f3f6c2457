import type { Verdict } from '../model/verdict';

/** Whether a run that ended so is a failure to a schedule. That people decided against it, or not in time, is none. */
const failures: Readonly<Record<Verdict, boolean>> = {
  completed: false,
  'completed-with-issues': true,
  declined: false,
  expired: false,
  withdrawn: false,
  'rolled-back': true,
  'rollback-incomplete': true,
  aborted: true,
  refused: true,
};

export const isFailure = (verdict: Verdict): boolean => failures[verdict];

const LONGEST_NOTE = 500;

/** Note of a schedule that a run has paused. */
export const pausedBecause = (
  workflowId: string,
  { verdict, because }: { readonly verdict: Verdict; readonly because: string },
): string => `paused on failure: ${workflowId} ended ${verdict}: ${because}`.slice(0, LONGEST_NOTE);
