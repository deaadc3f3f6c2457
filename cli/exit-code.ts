import type { FailureCode } from '../core/model/failure-codes';
import { exitCodes } from '../core/model/verdict';

type ExitName = keyof typeof exitCodes;

/** Failures that mean something else than "failed". */
const exitByFailure: Partial<Record<FailureCode, ExitName>> = {
  InvalidInput: 'invalidInput',
  InvalidRunbook: 'invalidInput',
  UnknownRunbook: 'invalidInput',
  RunNotFound: 'invalidInput',
  ScheduleNotFound: 'invalidInput',
  GroupBusy: 'refused',
  WrongState: 'refused',
  PrecheckFailed: 'refused',
  PlanChanged: 'refused',
  GateDeclined: 'declined',
  GateExpired: 'declined',
  WindowClosed: 'declined',
  TemporalUnavailable: 'unavailable',
  NoWorker: 'unavailable',
  EvidenceUnavailable: 'unavailable',
};

export const exitCodeOfFailure = (code: string): number => exitCodes[exitByFailure[code as FailureCode] ?? 'failed'];

/** One sentence an exit code, for the reference. */
export const exitMeanings: Readonly<Record<ExitName, string>> = {
  done: 'Done: the command did what it says; a run that was waited for is `completed`.',
  failed:
    'Failed: an error that has no code below; a run that is `completed-with-issues` or `rollback-incomplete`; a diagnostic of `doctor`; evidence that was changed; a group of `compliance` that did not hold what was promised; a trial of `test` that ended otherwise than designed.',
  declined:
    'Declined: a person declined at a gate, nobody decided in time (`expired`), the request was taken back (`withdrawn`), or the maintenance window is over; nothing was changed.',
  invalidInput: 'Invalid input: unknown command, option, runbook, run or error code; a runbook that does not validate.',
  refused:
    'Refused: the group is busy or in the wrong state, a precheck failed, the plan changed, or a message was not possible now; nothing was changed.',
  rolledBack: 'Rolled back: the run is back where it began.',
  aborted: 'Aborted: a person stopped the run where it was.',
  unavailable:
    'Unavailable: no Temporal server, no worker, or no evidence store answered in time; evidence for `compliance` is missing, or was changed.',
  atRisk: 'At risk: `switchback readiness` found something that probably hurts a recovery.',
  notReady: 'Not ready: `switchback readiness` found something that a recovery would fail of.',
  timedOut: 'Timed out: `switchback wait` gave up; the run goes on.',
};
