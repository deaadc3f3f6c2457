import type { FailoverMode, Operation, ProtectionPhase, ReplicationDirection } from './operation';
import type { DecisionEvent } from './run';
import type { Objectives } from './runbook';
import type { ScheduleSpec } from './schedule';
import type { SiteRole } from './site';
import type { Verdict } from './verdict';
import type { RecoveryPoint } from './volume';

/** What is kept of a protection group, each kind with a body of its own shape. */
export const evidenceKinds = [
  'report',
  'attestation',
  'decision',
  'recovery-points',
  'protection-sample',
  'terms',
] as const;

export type EvidenceKind = (typeof evidenceKinds)[number];

/** The last entry of a chain: who knows it can tell that nothing was cut off. */
export interface EvidenceHead {
  readonly sequence: number;
  /** SHA-256 of its text. */
  readonly hash: string;
}

/** How a group was protected from one instant to another, an hour at most; the next one begins where it ends. Instants are ISO. */
export interface ProtectionSample {
  readonly schemaVersion: 1;
  readonly from: string;
  readonly to: string;
  readonly phase: ProtectionPhase;
  readonly activeSite: SiteRole;
  readonly direction: ReplicationDirection;
  /** The operation that held the group meanwhile: it stops replication, and its report says what was lost. */
  readonly during?: { readonly operation: Operation; readonly workflowId: string };
  /** The objective for the lag in that direction; absent: none yet, or nothing is replicated. */
  readonly rpoSeconds?: number;
  /** Seconds in which the lag was within the objective, beyond it, and not known because nobody looked. Together they are the span. */
  readonly withinSeconds: number;
  readonly beyondSeconds: number;
  readonly unknownSeconds: number;
  /** The greatest lag that was seen; absent: none was. */
  readonly worst?: { readonly lagSeconds: number; readonly at: string };
  /** When the lag went beyond the objective, and came back. Without `until` it was still beyond it at `to`: the next sample goes on. */
  readonly breaches: readonly ObjectiveBreach[];
}

export interface ObjectiveBreach {
  readonly since: string;
  readonly until?: string;
  readonly worstLagSeconds: number;
}

/** What the runbook promised from an instant on; kept when it is first read, and after each change. */
export interface ProtectionTerms {
  readonly schemaVersion: 1;
  readonly since: string;
  /** SHA-256 of the parsed runbook. */
  readonly runbookDigest: string;
  readonly objectives: Objectives;
  /** Of the way home. */
  readonly failbackRpoSeconds: number;
  readonly workloads: readonly string[];
  readonly volumes: readonly string[];
  /** Drills that are due. */
  readonly schedules: readonly ScheduleSpec[];
  /** Who must approve what, by operation. */
  readonly approvals: readonly RequiredApproval[];
  /** What was seen at the active site and is in no runbook, as "Deployment legacy/batch". Absent: nobody could look. */
  readonly uncovered?: readonly string[];
}

export interface RequiredApproval {
  readonly operation: Operation;
  readonly gate: string;
  /** How many different people. */
  readonly required: number;
  /** It asks in this mode of failover only. */
  readonly mode?: FailoverMode;
  readonly signed: boolean;
}

/** Body of kind `decision`: what a person decided in a run, took back, or gave to somebody else, kept as it is recorded. */
export interface KeptDecision {
  readonly schemaVersion: 1;
  readonly workflowId: string;
  readonly runId: string;
  readonly operation: Operation;
  readonly event: DecisionEvent;
}

/** Body of kind `recovery-points`: those of one pass. */
export interface KeptRecoveryPoints {
  readonly schemaVersion: 1;
  readonly points: readonly RecoveryPoint[];
}

/** Under this id the report of a run is kept. */
export const reportId = ({ workflowId, runId }: { readonly workflowId: string; readonly runId: string }): string =>
  `report/${workflowId}/${runId}`;

/** What is to be kept; the same `id` again is the same entry. */
export type KeepEvidence = { readonly group: string; readonly id: string } & (
  | { readonly kind: 'decision'; readonly body: KeptDecision }
  | { readonly kind: 'recovery-points'; readonly body: KeptRecoveryPoints }
  | { readonly kind: 'protection-sample'; readonly body: ProtectionSample }
  /** Of a run whose report could not be kept when it ended; it is asked once more. */
  | {
      readonly kind: 'report';
      readonly run: { readonly workflowId: string; readonly runId: string; readonly operation: Operation };
      readonly verdict: Verdict;
      readonly because: string;
    }
  /** Its body is made from the runbook as it is when it is kept. */
  | {
      readonly kind: 'terms';
      readonly runbook: string;
      readonly since: string;
      readonly uncovered?: readonly string[];
    }
);
