import type { Operation } from './operation';
import type { NoticeKind } from './notice';
import type { JsonObject } from './json';
import type { Verdict } from './verdict';

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
  readonly decision: 'approve' | 'decline';
  readonly comment?: string;
  readonly at: string;
  readonly via: 'signal' | 'update' | 'input';
  readonly planHash: string;
  /** Absent: `by` is what the message claims. */
  readonly signed?: Signed;
  /** Facts that were shown when it was made. */
  readonly facts?: DecisionFacts;
}

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
  | {
      readonly kind: 'step-skipped' | 'step-marked-done';
      readonly step: string;
      readonly by: string;
      readonly reason: string;
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
  | { readonly kind: 'run-finished'; readonly verdict: Verdict; readonly because: string }
);

export type RunPhase = 'preparing' | 'running' | 'waiting' | 'paused' | 'rolling-back' | 'finished';

/** What a run waits for, and how to give it. */
export interface WaitingFor {
  readonly kind: 'approval' | 'window' | 'declare-lost' | 'failed-step' | 'resume';
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
  readonly lastRefusal?: string;
  readonly startedAt: string;
  readonly finishedAt?: string;
  /** Workflow ids of the groups that run as children. */
  readonly children: readonly string[];
}
