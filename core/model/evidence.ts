import type { FailoverMode, ProtectionPhase, ReplicationDirection, Operation } from './operation';
import type { Decision } from './run';
import type { Objectives } from './runbook';
import type { ScheduleSpec } from './schedule';
import type { SiteRole } from './site';
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
  readonly signed: boolean;
  /** It asks only in one mode of failover; absent: in both. */
  readonly mode?: FailoverMode;
}

/** Body of kind `decision`: what a person decided in a run, kept as it is made. */
export interface KeptDecision {
  readonly schemaVersion: 1;
  readonly workflowId: string;
  readonly runId: string;
  readonly operation: Operation;
  readonly decision: Decision;
}

/** Body of kind `recovery-points`: those of one pass. */
export interface KeptRecoveryPoints {
  readonly schemaVersion: 1;
  readonly points: readonly RecoveryPoint[];
}
