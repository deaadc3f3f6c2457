import type { Operation } from './operation';
import type { LeftAs } from './left-as';
import type { NoticeKind } from './notice';
import type { JsonObject } from './json';
import type { ObservedLag } from './plan';
import type { AttestationVerdict, Verdict } from './verdict';

/** What a step did, as its activity or gate says. */
export interface StepResult {
  /** One line for people: "stopped: pid 4711 gone, port 7101 closed". */
  readonly summary: string;
  /** What was seen and measured, for the report. Small. */
  readonly facts: JsonObject;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly attempt: number;
  /** Which worker ran it; "workflow" for gates. */
  readonly worker: string;
}

export interface StepError {
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
}

/** not-needed: a compensation of something that was never begun. */
export type StepStatus =
  'pending' | 'running' | 'done' | 'failed' | 'skipped' | 'marked-done' | 'not-needed' | 'cancelled';

export interface StepState {
  readonly id: string;
  readonly status: StepStatus;
  readonly scheduledAt?: string;
  readonly result?: StepResult;
  readonly error?: StepError;
}

export interface Decision {
  readonly gate: string;
  readonly by: string;
  /** approve, decline: at an approval. done, failed: of a manual step. */
  readonly decision: 'approve' | 'decline' | 'done' | 'failed';
  readonly comment?: string;
  /** Where the proof of a manual step is kept: an address. */
  readonly evidence?: string;
  readonly at: string;
  readonly via: 'signal' | 'update' | 'input';
  readonly planHash: string;
  /** Absent: `by` is what the message claims. */
  readonly signed?: Signed;
  /** Facts that were shown when it was made. */
  readonly facts?: DecisionFacts;
}

/** What a person says of a drill that has ended, on record for good. */
export interface Attestation {
  readonly verdict: AttestationVerdict;
  readonly by: string;
  readonly notes: string;
  /** Where the proof is kept: an address. */
  readonly evidence?: string;
  readonly at: string;
  readonly via: 'signal' | 'update';
  /** Absent: `by` is what the message claims. */
  readonly signed?: Signed;
}

/** What the person did, in a sentence: "ana approved cutover". */
export const decisionWords: Readonly<Record<Decision['decision'], string>> = {
  approve: 'approved',
  decline: 'declined',
  done: 'did',
  failed: 'failed to do',
};

/** A message was signed with the key that the runbook gives for its sender. */
export interface Signed {
  /** When it was signed, by the sender's clock. */
  readonly at: string;
  /** First 16 hex digits of the SHA-256 of the public key. */
  readonly keyId: string;
}

/** What people decide upon. */
export interface DecisionFacts {
  readonly estimateSeconds: number;
  /** How many earlier runs it is from; absent: from the plan. */
  readonly earlierRuns?: number;
  /** How long the service is expected to be interrupted; absent: it stays where it is, or nobody estimated it. */
  readonly interruptionSeconds?: number;
  /** How far the replicas were behind when the plan was compiled, the furthest first; absent: none was seen. */
  readonly lag?: ObservedLag;
  /** Data that an unplanned failover would lose; absent: none is lost. */
  readonly loss?: string;
  /** Prechecks that warned. */
  readonly warnings: readonly string[];
}

/** Somebody decides at a gate in another one's place. */
export interface Delegation {
  readonly gate: string;
  readonly by: string;
  readonly to: string;
  readonly comment?: string;
  readonly at: string;
  readonly signed?: Signed;
}

/** Everything that happened in a run, in order: the only source of the report. Instants are the workflow's clock. */
export type RunEvent = { readonly at: string } & (
  | { readonly kind: 'run-started'; readonly requestedBy: string; readonly reason?: string }
  /** `operationKeyBase` begins every operation key; a resumed run goes on with that of the first. */
  | { readonly kind: 'plan-pinned'; readonly hash: string; readonly operationKeyBase?: string }
  | { readonly kind: 'step-scheduled'; readonly step: string }
  | { readonly kind: 'step-done'; readonly step: string; readonly result: StepResult }
  | { readonly kind: 'step-failed'; readonly step: string; readonly error: StepError }
  | { readonly kind: 'step-skipped'; readonly step: string; readonly by: string; readonly reason: string }
  | {
      readonly kind: 'step-marked-done';
      readonly step: string;
      readonly by: string;
      readonly reason: string;
      /** What was seen that proves it; absent: it stands on the word of whoever said so. */
      readonly verified?: string;
    }
  | { readonly kind: 'gate-opened'; readonly gate: string; readonly step: string; readonly prompt: string }
  /** `closesAt`: of a window, when it is over. */
  | {
      readonly kind: 'gate-passed';
      readonly gate: string;
      readonly step: string;
      readonly saw: string;
      readonly closesAt?: string;
    }
  | { readonly kind: 'decision'; readonly decision: Decision }
  | {
      readonly kind: 'decision-withdrawn';
      readonly gate: string;
      readonly by: string;
      readonly comment?: string;
      readonly signed?: Signed;
    }
  | { readonly kind: 'delegated'; readonly delegation: Delegation }
  | { readonly kind: 'gate-reminded'; readonly gate: string; readonly missing: string }
  | { readonly kind: 'gate-expired'; readonly gate: string; readonly then: 'decline' | 'ask-again' }
  | { readonly kind: 'message'; readonly name: string; readonly by: string; readonly reason?: string }
  | { readonly kind: 'message-refused'; readonly name: string; readonly because: string }
  | {
      readonly kind: 'notice';
      readonly name: string;
      readonly about: NoticeKind;
      readonly sent: boolean;
      readonly saw: string;
    }
  | { readonly kind: 'committed' }
  | { readonly kind: 'rollback-started'; readonly by: string; readonly reason: string }
  | { readonly kind: 'compensation-scheduled'; readonly step: string }
  | { readonly kind: 'compensation-done'; readonly step: string; readonly result: StepResult }
  | { readonly kind: 'compensation-failed'; readonly step: string; readonly error: StepError }
  /** What runs where, of a run that leaves its group Incomplete. */
  | { readonly kind: 'left-as'; readonly left: LeftAs }
  /** Of a drill: a person is to say in the workflow `workflowId` whether it passed. */
  | { readonly kind: 'attestation-asked'; readonly workflowId: string }
  | { readonly kind: 'attestation-reminded'; readonly reminders: number }
  | { readonly kind: 'attested'; readonly attestation: Attestation }
  | { readonly kind: 'run-finished'; readonly verdict: Verdict; readonly because: string }
);

/** What people decide. */
export type DecisionEvent = Extract<RunEvent, { readonly kind: 'decision' | 'decision-withdrawn' | 'delegated' }>;

export type RunPhase = 'preparing' | 'running' | 'waiting' | 'paused' | 'rolling-back' | 'finished';

/** Where people answer with messages to a gate by its name. */
export const askedOfPeople: ReadonlySet<WaitingFor['kind']> = new Set(['approval', 'declare-lost', 'manual-step']);

/** What a run waits for, and how to give it. */
export interface WaitingFor {
  readonly kind: 'approval' | 'window' | 'declare-lost' | 'manual-step' | 'failed-step' | 'resume';
  /** Gate name, or step id. */
  readonly name: string;
  readonly prompt: string;
  readonly since: string;
  /** Only of a window: when it opens. */
  readonly opensAt?: string;
  /** Only of a window that opens again: the openings after that one. */
  readonly then?: readonly string[];
  /** Only of an approval: who has approved so far, who is missing, and when that counts no more. */
  readonly approvedBy?: readonly string[];
  readonly missing?: string;
  readonly expiresAt?: string;
  /** Only of an approval: 1, and more after it has expired and everybody is asked again. Signatures are bound to it. */
  readonly asking?: number;
  /** Only where somebody decides: what there is to know. */
  readonly facts?: DecisionFacts;
  /** Only of a manual step: what is to be done, in Markdown, and who may say that it is done; absent: anyone. */
  readonly instructions?: string;
  readonly who?: readonly string[];
  /** Exact messages that a person can send. */
  readonly answers: readonly { readonly message: string; readonly payload: JsonObject }[];
}

/** Answer of the query `status`. */
export interface RunStatus {
  readonly workflowId: string;
  readonly runId: string;
  readonly group: string;
  readonly operation: Operation;
  readonly phase: RunPhase;
  readonly planHash?: string;
  readonly committed: boolean;
  readonly waitingFor: readonly WaitingFor[];
  readonly steps: readonly StepState[];
  readonly rollback: readonly StepState[];
  readonly verdict?: Verdict;
  readonly because?: string;
  /** Of a run that left its group Incomplete: what ran where when it ended. */
  readonly left?: LeftAs;
  readonly lastRefusal?: string;
  readonly startedAt: string;
  readonly finishedAt?: string;
  /** Workflow ids of the groups that run as children. */
  readonly children: readonly string[];
}
