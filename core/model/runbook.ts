import type { AddedStep } from './added-step';
import type { AttestationPolicy } from './attestation-policy';
import type { CheckSpec } from './check';
import type { FailurePolicy, PolicyPhase } from './failure-policy';
import type { NoticeSpec } from './notice';
import type { FailoverMode, Operation } from './operation';
import type { SiteRole, SiteSpec } from './site';
import type { StagePolicy } from './stage';
import type { TrafficSpec } from './traffic';
import type { ApplicationPointsPolicy, FailbackPolicy, ReplicationPolicy, VolumeSpec } from './volume';
import type { WorkloadSpec } from './workload';

/**
 * A runbook after parsing: every default filled in, every duration in the unit of its name, every reference resolved.
 * It describes one protection group. The YAML that people write is core/runbook/schema.ts.
 */
export interface Runbook {
  /** Name of the protection group; also the runbook's name. */
  readonly group: string;
  readonly description: string;
  readonly objectives: Objectives;
  readonly sites: Readonly<Record<SiteRole, SiteSpec>>;
  readonly workloads: readonly WorkloadSpec[];
  readonly volumes: readonly VolumeSpec[];
  readonly replication: ReplicationPolicy;
  readonly failbackPolicy: FailbackPolicy;
  /** Absent: every recovery point is as after a power cut. */
  readonly applicationPoints?: ApplicationPointsPolicy;
  /** Absent: nothing is staged. */
  readonly stage?: StagePolicy;
  readonly traffic: readonly TrafficSpec[];
  /** Asked at the new site before the commit point of a planned move. */
  readonly integrity: readonly CheckSpec[];
  readonly operations: Readonly<Record<Exclude<Operation, 'drill'>, OperationPolicy>> & {
    readonly drill?: DrillPolicy;
  };
  /** Who is known by name; absent: nobody is declared. */
  readonly people?: readonly Person[];
  readonly execution: ExecutionPolicy;
  /** Absent: nobody is told. */
  readonly notices?: readonly NoticeSpec[];
}

export interface Objectives {
  readonly rpoSeconds: number;
  readonly rtoSeconds: number;
  /** From the best to the lowest that is still compliance. Absent: the objectives are held, or they are not. */
  readonly grades?: readonly ObjectiveGrade[];
}

/** How well the objectives are held over a period. */
export interface ObjectiveGrade {
  /** "gold" */
  readonly name: string;
  /** Percent of the time in which the lag is within the RPO, at least. */
  readonly withinRpoPercent: number;
  /** How long the lag is beyond the RPO in one piece, at most. Absent: as long as the percentage allows. */
  readonly longestBreachSeconds?: number;
  /** What every recovery takes, at most. */
  readonly rtoSeconds: number;
}

export interface OperationPolicy {
  /** In the order in which they are passed. */
  readonly gates: readonly GateSpec[];
  readonly strategy: 'cold' | 'warm';
  /** What follows when a step has failed after its retries, in phases that `failurePolicy` does not name. */
  readonly onFailure: 'ask' | 'rollback';
  readonly failurePolicy?: Readonly<Partial<Record<PolicyPhase, FailurePolicy>>>;
  /** Overrides: names of all workloads in the order of start (or stop); absent: by priority and dependsOn. */
  readonly startOrder?: readonly string[];
  readonly stopOrder?: readonly string[];
  /** Hooks and manual steps, in order; absent: none. */
  readonly steps?: readonly AddedStep[];
}

export interface DrillPolicy extends OperationPolicy {
  /** How long the copy is held before it is removed, in seconds. */
  readonly keepSeconds: number;
  /** "latest", or an instant. */
  readonly recoveryPoint: string;
  /** The way back is rehearsed as well, on a second copy at the other site. Absent: it is not. */
  readonly roundTrip?: true;
  /** Absent: anyone attests it, and is reminded once a day. */
  readonly attestation?: AttestationPolicy;
}

export interface ExecutionPolicy {
  /** Steps in flight at most. */
  readonly concurrency: number;
  /** After this many seconds without a heartbeat a step counts as lost and is tried again elsewhere. */
  readonly heartbeatSeconds: number;
}

/** A stop with a reason. */
export type GateSpec = ApprovalGate | WindowGate;

/** Somebody who decides. */
export interface Person {
  readonly name: string;
  readonly groups: readonly string[];
  /** Ed25519 public key, SPKI DER in base64: what is said in this name counts only when it is signed with it. */
  readonly publicKey?: string;
}

/** So many different people of a group must be among those who approve. */
export interface QuorumPart {
  readonly group: string;
  readonly count: number;
  readonly people: readonly string[];
}

export interface ApprovalGate {
  readonly kind: 'approval';
  readonly name: string;
  readonly prompt: string;
  /** Who may decide, groups resolved to their people; empty: anyone. */
  readonly approvers: readonly string[];
  /** How many different people must approve; absent: 1. */
  readonly required?: number;
  readonly quorum?: readonly QuorumPart[];
  /** Whoever asked for the run may not approve it. */
  readonly notRequester?: boolean;
  /** Seconds until what was decided so far counts no more; absent: never. */
  readonly expiresSeconds?: number;
  readonly onExpiry?: 'decline' | 'ask-again';
  /** Seconds between two reminders; absent: none. */
  readonly remindSeconds?: number;
  readonly signed?: 'required';
  /** Public keys of those who may decide and have one, by name. */
  readonly keys?: Readonly<Record<string, string>>;
  /** Operations may ask only in one mode of failover; absent: in both. */
  readonly mode?: FailoverMode;
}

export interface WindowGate {
  readonly kind: 'window';
  readonly name: string;
  /** Local date and time in `timeZone`, "2026-12-05T22:00"; absent: given when the run is started. */
  readonly start?: string;
  readonly durationSeconds: number;
  readonly timeZone: string;
  /** RFC 5545 recurrence that begins at `start`: "FREQ=WEEKLY;BYDAY=SA". Absent: it opens once. */
  readonly repeat?: string;
  /** Further openings, beside the first. */
  readonly also?: readonly WindowRule[];
  /** When no window is open, whatever the rest says. */
  readonly blackouts?: readonly Blackout[];
  /** What follows when it closes while steps still run; absent: they finish. */
  readonly overrun?: 'ask' | 'rollback';
  readonly mode?: FailoverMode;
}

/** A stretch of time, once or again and again, in the zone of its gate. */
export interface WindowRule {
  readonly start: string;
  readonly durationSeconds: number;
  readonly repeat?: string;
}

/** A stretch of time in which no window is open. */
export type Blackout = (WindowRule | DayRange) & {
  /** Why, for people: "year-end freeze". */
  readonly reason?: string;
};

/** From one local day or time to another, in the zone of its gate. Days last from their beginning to their end, however long they are. */
export interface DayRange {
  /** "2026-12-20" or "2026-12-20T12:00". */
  readonly from: string;
  /** A day is included as a whole, a time of day is the end. */
  readonly to: string;
  readonly repeat?: string;
}
