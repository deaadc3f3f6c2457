import { evidenceFailureCodes } from './evidence-failure-codes';
import { providerFailureCodes } from './provider-failure-codes';
import { volumeFailureCodes } from './volume-failure-codes';

/** One row an error code: whether trying again can help, what it means, what a person does about it. */
interface FailureCodeRow {
  readonly retryable: boolean;
  readonly meaning: string;
  readonly fix: string;
}

export const failureCodes = {
  InvalidInput: {
    retryable: false,
    meaning: 'The input of the workflow or the command is not what the operation takes.',
    fix: 'Correct the field that the message names and start again.',
  },
  InvalidRunbook: {
    retryable: false,
    meaning: 'The runbook does not parse or refers to things that are not declared.',
    fix: 'Run `switchback validate` on it and correct each diagnostic.',
  },
  UnknownRunbook: {
    retryable: false,
    meaning: "The worker's runbook folder holds no runbook of that name.",
    fix: 'Use one of the names that the message lists, or put the file into the runbook folder of the worker.',
  },
  GroupBusy: {
    retryable: false,
    meaning: 'Another operation holds the protection group.',
    fix: 'Wait for that run (`switchback watch`), or abort it.',
  },
  WrongState: {
    retryable: false,
    meaning: 'The protection group is in a state from which this operation is not possible.',
    fix: 'Run an operation that the message names as possible.',
  },
  PrecheckFailed: {
    retryable: false,
    meaning: 'A precheck of severity error failed; nothing was changed.',
    fix: 'Mend what the message names and start again.',
  },
  PlanChanged: {
    retryable: false,
    meaning: 'The runbook or the observation is no longer the one that the approved plan was compiled from.',
    fix: 'Start again, so that the new plan is shown and approved.',
  },
  PlanTooLarge: {
    retryable: false,
    meaning: 'The plan is larger than what Temporal takes in one piece, compressed as well.',
    fix: 'Split the runbook into groups of fewer workloads, each with a runbook of its own. Their runs can go on side by side.',
  },
  SearchAttributesMissing: {
    retryable: false,
    meaning: 'The namespace lacks search attributes that the workflows set.',
    fix: 'Let the worker register them, or run the `temporal operator search-attribute create` that the message gives.',
  },
  DriverMissing: {
    retryable: false,
    meaning: 'The worker that took the step has no driver for that site or record.',
    fix: 'Start the worker with the driver that the message names.',
  },
  SiteUnreachable: {
    retryable: true,
    meaning: 'The site does not answer.',
    fix: 'Check network and power of the site; for a lost site use an unplanned failover.',
  },
  FenceUnconfirmed: {
    retryable: false,
    meaning: 'Nobody can prove that the site has stopped writing.',
    fix: 'Fence the site by other means, or let a named person declare it lost.',
  },
  Fenced: {
    retryable: false,
    meaning: 'The site is fenced against this epoch; the request comes from an older run.',
    fix: 'Nothing: the fence did its work. Look at the newest run of the group.',
  },
  StaleEpoch: {
    retryable: false,
    meaning: 'The request carries an epoch lower than what it would overwrite.',
    fix: 'Nothing: the request was refused. Look at the newest run of the group.',
  },
  StaleAttempt: {
    retryable: true,
    meaning: 'A newer attempt of the same step has already done the work.',
    fix: 'Nothing: tried again, the step finds the work done. Retry it when it still fails.',
  },
  DataNewer: {
    retryable: false,
    meaning: 'The target of the copy holds data of a higher epoch, or is being written; nothing was changed.',
    fix: 'Check which site is active. Data flows only from the active site to the standby.',
  },
  SyncInterrupted: {
    retryable: true,
    meaning: 'A copy ended early; the replica is still the one of the last complete pass.',
    fix: 'Retry; it continues from what was already transferred.',
  },
  SyncMismatch: {
    retryable: true,
    meaning: 'After the final sync the content hashes of the two sides differ.',
    fix: 'Something still writes at the source or the target. Find it, then retry.',
  },
  ...volumeFailureCodes,
  ...evidenceFailureCodes,
  ReplicationLag: {
    retryable: true,
    meaning: 'Replication lag stayed over the objective for the whole wait.',
    fix: 'Look at the lag in `switchback status`; lower the load or raise the objective, then retry.',
  },
  RecoveryPointMissing: {
    retryable: false,
    meaning: 'No recovery point matches the request, or it is damaged.',
    fix: 'Choose one of those that the message or the report of the last run names, or "latest".',
  },
  StopFailed: {
    retryable: false,
    meaning: 'The workload could not be proven stopped.',
    fix: 'Look at what the message saw; stop it by hand, then retry.',
  },
  StartFailed: {
    retryable: true,
    meaning: 'The workload ended right after its start or never began.',
    fix: 'Read the log lines in the message, mend, then retry.',
  },
  Unhealthy: {
    retryable: false,
    meaning: 'A check did not pass within its time.',
    fix: 'Read what the check saw, mend, then retry the step or roll back.',
  },
  RecordChanged: {
    retryable: false,
    meaning: 'The record is not what the plan expects; somebody else changed it. It was not overwritten.',
    fix: 'Find out who changed it, put it back or adapt the runbook, then retry.',
  },
  TrafficNotSeen: {
    retryable: true,
    meaning: 'The record was changed, but what clients resolve is still something else.',
    fix: 'Check the name servers; then retry.',
  },
  GateDeclined: {
    retryable: false,
    meaning: 'A person declined at a gate; nothing was changed.',
    fix: 'Read the comment in the report; start again when the reason is gone.',
  },
  GateExpired: {
    retryable: false,
    meaning: 'Nobody, or too few people, approved at a gate in time; nothing was changed.',
    fix: 'See in the report who was missing; start again when they can decide, or give the gate more time.',
  },
  ManualStepFailed: {
    retryable: false,
    meaning: 'A person said that a manual step has failed.',
    fix: 'Read the comment; retry the step when what kept it from being done is gone, or roll back.',
  },
  ManualStepOverdue: {
    retryable: false,
    meaning: 'Nobody said within its time limit that a manual step was done.',
    fix: 'Do it and retry the step to say so, mark it as done, or give it more time in the runbook.',
  },
  HookFailed: {
    retryable: false,
    meaning: 'The command of a hook ended with another exit code than 0, or not in time.',
    fix: 'Read its output, in the message or in the file that it names; mend, then retry the step, skip it or roll back.',
  },
  QuiesceFailed: {
    retryable: false,
    meaning:
      'The application could not be made to keep still for recovery points, or not for long enough; replication goes on.',
    fix: 'Read what its program said, or give it more time (`replication.applicationPoints.timeout`); it is tried again when the next points are due.',
  },
  ResumeFailed: {
    retryable: false,
    meaning: 'An application that was quiesced for recovery points could not be resumed; it is tried again and again.',
    fix: 'Run the resume program of the runbook by hand at the active site, and read what it says.',
  },
  WebhookFailed: {
    retryable: true,
    meaning: 'The receiver of a webhook did not answer with 2xx, in all tries.',
    fix: 'Set the variable that the message names where the worker runs, or mend what receives it; then retry the step.',
  },
  NoticeNotSent: {
    retryable: true,
    meaning: 'A notice could not be sent. The run goes on all the same.',
    fix: 'Set the variable that the message names where the worker runs, or mend what receives the notices.',
  },
  SignatureInvalid: {
    retryable: false,
    meaning: 'A message was signed, but not with the key that the runbook has of its sender, or not for this run.',
    fix: 'Sign with `switchback approve --key FILE`, where FILE is the private key that belongs to the publicKey in the runbook.',
  },
  NotVerified: {
    retryable: false,
    meaning: 'A step was said to be done by hand, and what was looked at says that it is not; nothing was changed.',
    fix: 'Read what was seen, do what is missing, then mark it as done again, or let `switchback retry` do it.',
  },
  WindowClosed: {
    retryable: false,
    meaning: 'The maintenance window has no opening left.',
    fix: 'Give a new window and start again.',
  },
  LabAddressMissing: {
    retryable: false,
    meaning: 'A loopback address of the local lab cannot be bound on this machine.',
    fix: 'macOS: `sudo ifconfig lo0 alias 127.0.1.1 up` for each address the message names.',
  },
  ...providerFailureCodes,
  CommandNotAllowed: {
    retryable: false,
    meaning: "The program is not on the worker's allow-list.",
    fix: 'Add its absolute path to SWITCHBACK_ALLOWED_COMMANDS of the worker of that site.',
  },
  AddressNotAllowed: {
    retryable: false,
    meaning: 'A check aims at an address that the site does not declare.',
    fix: "Aim it at the site's own address, or declare the address with the site.",
  },
  TemporalUnavailable: {
    retryable: true,
    meaning: 'No Temporal server could be found, started or reached.',
    fix: 'Set TEMPORAL_ADDRESS, or follow one of the five ways that the message lists.',
  },
  NoWorker: {
    retryable: false,
    meaning: 'No worker took the step from its task queue in time.',
    fix: 'Start a worker that serves the task queue that the message names, then retry.',
  },
  StepTimedOut: {
    retryable: true,
    meaning: 'The step did not end within its time, or its worker stopped answering.',
    fix: 'Look at the site and the worker, then retry.',
  },
  RunNotFound: {
    retryable: false,
    meaning: 'There is no run of that id, or Temporal no longer has its history.',
    fix: 'List runs with `switchback status`.',
  },
  ScheduleNotFound: {
    retryable: false,
    meaning: 'There is no schedule of that name that Switchback has made.',
    fix: 'List them with `switchback schedule list`, or make it with `switchback schedule apply`.',
  },
  StepFailed: {
    retryable: false,
    meaning: 'A step failed for a reason that has no code of its own.',
    fix: 'Read the cause; retry, or roll back.',
  },
} as const satisfies Record<string, FailureCodeRow>;

/** PascalCase word that names a failure everywhere: diagnostics, ApplicationFailure.type, docs. */
export type FailureCode = keyof typeof failureCodes;
