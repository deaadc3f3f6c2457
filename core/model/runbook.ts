import type { CheckSpec } from './check';
import type { FailoverMode, Operation } from './operation';
import type { SiteRole, SiteSpec } from './site';
import type { TrafficSpec } from './traffic';
import type { FailbackPolicy, ReplicationPolicy, VolumeSpec } from './volume';
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
  readonly traffic: readonly TrafficSpec[];
  /** Asked at the new site before the commit point of a planned move. */
  readonly integrity: readonly CheckSpec[];
  readonly operations: Readonly<Record<Operation, OperationPolicy>>;
  readonly execution: ExecutionPolicy;
}

export interface Objectives {
  readonly rpoSeconds: number;
  readonly rtoSeconds: number;
}

export interface OperationPolicy {
  /** In the order in which they are passed. */
  readonly gates: readonly GateSpec[];
  readonly strategy: 'cold' | 'warm';
  /** What follows when a step has failed after its retries. */
  readonly onFailure: 'ask' | 'rollback';
  /** Overrides: names of all workloads in the order of start (or stop); absent: by priority and dependsOn. */
  readonly startOrder?: readonly string[];
  readonly stopOrder?: readonly string[];
}

export interface ExecutionPolicy {
  /** Steps in flight at most. */
  readonly concurrency: number;
  /** After this many seconds without a heartbeat a step counts as lost and is tried again elsewhere. */
  readonly heartbeatSeconds: number;
}

/** A stop with a reason. */
export type GateSpec = ApprovalGate | WindowGate;

export interface ApprovalGate {
  readonly kind: 'approval';
  readonly name: string;
  readonly prompt: string;
  /** Who may decide; empty: anyone. */
  readonly approvers: readonly string[];
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
  readonly mode?: FailoverMode;
}
