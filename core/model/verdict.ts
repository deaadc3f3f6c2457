/** How a run ended. Closed: everything that asks must answer for each. */
export type Verdict =
  | 'completed'
  /** Did what was asked, but something after the commit point is not as it should be. */
  | 'completed-with-issues'
  | 'declined'
  /** Nobody decided in time; nothing was changed. */
  | 'expired'
  /** Whoever had asked for it took that back before it was approved; nothing was changed. */
  | 'withdrawn'
  | 'rolled-back'
  /** Rolled back, but a compensation failed. */
  | 'rollback-incomplete'
  | 'aborted'
  | 'refused';

/** What a person says of a drill. */
export const attestationVerdicts = ['passed', 'failed'] as const;

export type AttestationVerdict = (typeof attestationVerdicts)[number];

/** Exit codes of the command line; a declined run is neither success nor crash. */
export const exitCodes = {
  done: 0,
  failed: 1,
  declined: 2,
  invalidInput: 3,
  refused: 4,
  rolledBack: 5,
  aborted: 6,
  unavailable: 7,
  timedOut: 8,
  atRisk: 9,
  notReady: 10,
} as const;

const exitCodeByVerdict: Readonly<Record<Verdict, number>> = {
  completed: exitCodes.done,
  'completed-with-issues': exitCodes.failed,
  declined: exitCodes.declined,
  expired: exitCodes.declined,
  withdrawn: exitCodes.declined,
  'rolled-back': exitCodes.rolledBack,
  'rollback-incomplete': exitCodes.failed,
  aborted: exitCodes.aborted,
  refused: exitCodes.refused,
};

export const verdictNames = Object.keys(exitCodeByVerdict) as readonly Verdict[];

export const exitCodeOf = (verdict: Verdict): number => exitCodeByVerdict[verdict];
