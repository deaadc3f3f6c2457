import type { AddedStepPolicy, HookAction, ManualAction } from './added-step';
import type { CheckSpec } from './check';
import type { FailoverMode, Operation, ReplicationDirection, RunEpochs } from './operation';
import type { Phase } from './phase';
import type { GateSpec, Runbook } from './runbook';
import type { SiteRole } from './site';
import type { StagePolicy } from './stage';
import type { StepKind } from './step-kinds';
import type { ActiveInstances } from './workload';

/**
 * What runs: an operation compiled, once, into a graph of steps. Plain JSON, the same for the same input, identified by
 * its hash. The executor walks `steps`; when a person rolls back, it walks `rollback` the same way.
 */
export interface RecoveryPlan {
  readonly version: 1;
  readonly group: string;
  readonly operation: Operation;
  readonly mode: FailoverMode;
  /** SHA-256 of the canonical JSON of the runbook that it was compiled from. */
  readonly runbookDigest: string;
  readonly from: SiteRole;
  readonly to: SiteRole;
  readonly epochs: RunEpochs;
  readonly segments: readonly Segment[];
  readonly steps: readonly PlanStep[];
  readonly rollback: readonly RollbackStep[];
  /** Id of the step after which there is no rollback. */
  readonly commitStep: string;
  readonly prechecks: readonly Precheck[];
  /** How long it takes, people's waits left out, in seconds: from earlier runs, else the length of the critical path. */
  readonly estimateSeconds: number;
  /**
   * From the first workload stopped (of an unplanned failover: from the start) to verified traffic, estimated in the same way,
   * people's waits left out, in seconds. Absent: the operation leaves the service where it is.
   */
  readonly interruptionSeconds?: number;
  /** How many earlier runs the estimates are from; absent: the estimates of the steps. */
  readonly earlierRuns?: number;
  /** How far the standby's replicas were behind when the plan was compiled. Absent: no replica was seen. */
  readonly lag?: ObservedLag;
  /** Workloads that are started and were not seen at the active site. Absent: none. Not part of the hash. */
  readonly unseen?: UnseenWorkloads;
  /** Only of an unplanned failover and of a drill: what starting from the recovery point loses, or would. */
  readonly loss?: ExpectedLoss;
  /**
   * By window step, of gates that open more than once or have blackouts: the next openings as seen when it was compiled, in
   * order. Not part of the hash: what runs is the rule, which is in the step.
   */
  readonly openings?: Readonly<Record<string, readonly Opening[]>>;
  /**
   * The next stretches in which all of its windows are open together, as seen when it was compiled, in order; absent without
   * windows, and in plans of before that were made when each window was looked at alone. Not part of the hash.
   */
  readonly commonOpenings?: readonly Opening[];
  readonly runbook: Runbook;
  /** SHA-256 of the canonical JSON of what runs: all the rest without what was only seen (prechecks, loss, lag, estimates). */
  readonly hash: string;
}

export interface UnseenWorkloads {
  /** Name of the active site. */
  readonly site: string;
  /** By name: the ISO instant at which the group has last seen it there; null: it never has. */
  readonly seenAt: Readonly<Record<string, string | null>>;
}

/** A phase of the operation, or one priority group in it: the unit of display, and of child workflows in a large plan. */
export interface Segment {
  readonly id: string;
  readonly title: string;
  readonly phase: Phase;
  readonly priority?: number;
}

export interface PlanStep {
  /** "stop-workload/ledger@beta": unique in the plan, and part of the operation key. */
  readonly id: string;
  readonly kind: StepKind;
  readonly title: string;
  readonly segment: string;
  /** Whose task queue runs it; absent for steps that no site runs. */
  readonly site?: SiteRole;
  readonly workload?: string;
  readonly volume?: string;
  readonly record?: string;
  /** Ids of the steps that must be done before it starts. */
  readonly dependsOn: readonly string[];
  readonly input: StepInput;
}

/** What a kind of step needs besides what it acts on. Only the fields of its kind are there. */
export interface StepInput {
  readonly epoch?: number;
  /** sync, final-sync: the side that the data comes from. */
  readonly source?: SiteRole;
  /**
   * final-sync of a rollback: the epoch that was to claim the source. A source that it never claimed was never written either:
   * there is nothing to bring back, and the target already holds the newer data.
   */
  readonly claimedBy?: number;
  readonly gate?: GateSpec;
  /** window: the instants between which it is open. */
  readonly opensAt?: string;
  readonly closesAt?: string;
  /** wait-ttl, hold-drill: seconds; await-lag: the lag that is good enough, in seconds. */
  readonly seconds?: number;
  /** stage-standby: what of the active site is made current at the standby. */
  readonly stage?: StagePolicy;
  /** Values that the record must have, and gets. */
  readonly expected?: readonly string[];
  readonly next?: readonly string[];
  readonly ttlSeconds?: number;
  /** switch-traffic: further records of the same zone, which move in the same change as the step's own. */
  readonly alsoMoves?: readonly RecordMove[];
  /** restore-point, copy-for-drill: id, or "latest". capture-point: id of the capture step whose point is restored. */
  readonly point?: string;
  readonly pointOf?: string;
  /** It is done to the copy of a drill: under the name of the copy, at its address. */
  readonly isolated?: true;
  /** hold-drill: ISO instant until which the copy is held; takes the place of `seconds`. */
  readonly until?: string;
  readonly consistency?: 'application' | 'crash';
  readonly reason?: string;
  readonly checks?: readonly CheckSpec[];
  readonly direction?: ReplicationDirection;
  readonly activeSite?: SiteRole;
  /** start-workload: what was seen at the active site, now or else by the group; stop-workload: now, at its own, the active one. */
  readonly instances?: ActiveInstances;
  /** fence-site: go on with `unconfirmed` instead of failing; a declare-lost step then asks. */
  readonly allowUnconfirmed?: boolean;
  /** declare-lost: the fence step whose outcome decides whether a person must be asked. */
  readonly fenceStep?: string;
  /** run-command, call-webhook: what is run or called. */
  readonly hook?: HookAction;
  /** manual-step: what a person does. */
  readonly manual?: ManualAction & { readonly name: string };
  /** Of steps that the runbook adds: a rollback need not undo it. */
  readonly mayStay?: true;
  /** Of steps that the runbook adds: what follows a failure; absent: what the operation says. */
  readonly onFailure?: Exclude<AddedStepPolicy, 'fail'>;
}

/** A record that is led from one site to the other. */
export interface RecordMove {
  readonly record: string;
  readonly expected: readonly string[];
  readonly next: readonly string[];
  readonly ttlSeconds: number;
}

/** When a window opens and closes, as ISO instants. */
export interface Opening {
  readonly opensAt: string;
  readonly closesAt: string;
  /** The blackouts without which it would open earlier or close later: their reasons, or when they are. */
  readonly cutBy?: readonly string[];
}

/** A compensation. Runs only when one of the steps that it compensates was begun. */
export interface RollbackStep extends PlanStep {
  readonly compensates: readonly string[];
  /** Not needed when one of these steps was begun: another compensation covers that case. */
  readonly unless: readonly string[];
  /**
   * Of `dependsOn`, those without whose success it must not run (the other side fenced, the data brought back). The rest is
   * order only, so that a failed compensation stops nothing else.
   */
  readonly requires: readonly string[];
}

/** A fact looked at before anything changes. error: the run is refused. warning: shown, goes on. */
export interface Precheck {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'ok';
  readonly subject: string;
  readonly saw: string;
  readonly because: string;
}

export interface ObservedLag {
  /** ISO instant. */
  readonly observedAt: string;
  /** The furthest behind first, 20 at most; a volume without a replica is absent. */
  readonly volumes: readonly { readonly volume: string; readonly seconds: number }[];
}

export interface ExpectedLoss {
  readonly volumes: readonly VolumeLoss[];
}

/** What starting from this recovery point loses. */
export interface VolumeLoss {
  readonly volume: string;
  readonly point: string;
  readonly asOf: string;
  /** Epoch of the data; records of it (or lower) after `records` are lost. */
  readonly epoch: number;
  /** Complete records in the point; those after it are lost. Absent: the volume declares no marker. */
  readonly records?: number;
  /** Seconds between `asOf` and the observation. */
  readonly seconds: number;
  /** The application-consistent set that the point belongs to; absent: it is as after a power cut. */
  readonly set?: string;
}
