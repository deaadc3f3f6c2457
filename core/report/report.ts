import type { EvidenceHead } from '../model/evidence';
import type { FailoverMode, Operation, RunEpochs } from '../model/operation';
import type { DataLossStatus } from '../model/run-figures';
import type { LeftAs } from '../model/left-as';
import type { Precheck, VolumeLoss } from '../model/plan';
import type { Attestation, Decision, Delegation, RunEvent } from '../model/run';
import type { AttestationVerdict, Verdict } from '../model/verdict';
import type { RecoveryPoint, SyncProof } from '../model/volume';
import type { CriticalPath, EstimateFigure, Figure, RollbackFigure, SegmentFigure, StepFigure } from './report-steps';

/**
 * What a run did, as plain JSON. Everything is computed from recorded events and the pinned plan; `from` names the events
 * ("step-done verify-traffic/shop.test") or plan fields that a figure was computed from. Instants are ISO, as recorded.
 * Of a run that still goes on, every figure is "so far", up to `asOf`.
 */
export interface Report {
  readonly schemaVersion: 1;
  readonly run: ReportedRun;
  readonly verdict: Verdict | 'running';
  readonly because: string;
  /** What a person must look at, the worst first: failed compensations and clean-ups head it. */
  readonly needsAttention: readonly Attention[];
  readonly objectives: { readonly rpo: ObjectiveFigure; readonly rto: ObjectiveFigure };
  readonly recoveryTime: SpanFigure;
  readonly interruption: SpanFigure;
  /** Of a drill: what was rehearsed on its copies, in order. */
  readonly legs?: readonly DrillLeg[];
  readonly time: TimeBreakdown;
  readonly dataLoss: DataLossFigure;
  readonly recoveryPoints: readonly NamedPoint[];
  readonly gates: readonly GateFigure[];
  readonly decisions: readonly Decision[];
  /** Decisions that were taken back, and places that were given to others; absent: none. */
  readonly withdrawals?: readonly Withdrawal[];
  readonly delegations?: readonly Delegation[];
  readonly segments: readonly SegmentFigure[];
  readonly steps: readonly StepFigure[];
  readonly criticalPath: CriticalPath;
  readonly estimate: EstimateFigure;
  readonly prechecks: readonly Precheck[];
  readonly messages: readonly SentMessage[];
  readonly refusedMessages: readonly RefusedMessage[];
  readonly plan?: PlanFigure;
  readonly committedAt?: string;
  readonly rollback?: RollbackFigure;
  /** Of a run that left its group Incomplete: what ran where when it ended. */
  readonly left?: LeftAs;
  /** Only of a drill that a person is to attest. */
  readonly attestation?: AttestationFigure;
  readonly timeline: readonly TimelineEntry[];
  /** The end of the group's evidence before this report was kept in it. Absent: it was not kept. */
  readonly evidence?: EvidenceHead;
  /** Absent: the group was not asked. */
  readonly earlier?: EarlierRuns;
  /** Of what the run was run by, as the one who wrote the report knew them: name and version. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Address of the run in the Temporal Web UI; absent: nobody has said where that is. */
  readonly webUi?: string;
}

/** Runs of the same operation that ended before, newest first, as the group remembers them. */
export interface EarlierRuns extends Figure {
  readonly runs: readonly EarlierRun[];
}

export interface EarlierRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly verdict: Verdict;
  readonly startedAt: string;
  /** From its start to its end, people's waits included. */
  readonly seconds: number;
  /** Without what people and windows alone were waited for. Absent: it did not do all of its plan by itself. */
  readonly workSeconds?: number;
  readonly interruptionSeconds?: number;
}

/** Computed from the events of the workflow in which a person is asked, which outlives the run. */
export interface AttestationFigure extends Figure {
  readonly workflowId: string;
  /** asked: nobody has said anything when this was written. unknown: that workflow cannot be asked any more. */
  readonly state: 'asked' | 'unknown' | AttestationVerdict;
  readonly reminders?: number;
  readonly said?: Attestation;
}

export interface ReportedRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly group: string;
  readonly operation: Operation;
  readonly mode?: FailoverMode;
  /** Names of the sites that were active before, and are after a completed run. */
  readonly fromSite?: string;
  readonly toSite?: string;
  readonly requestedBy?: string;
  readonly reason?: string;
  readonly startedAt?: string;
  /** Absent while it runs. */
  readonly finishedAt?: string;
  /** Instant of the last event. */
  readonly asOf?: string;
}

export interface Attention extends Figure {
  readonly kind:
    | 'failed-compensation'
    | 'failed-clean-up'
    | 'service'
    | 'failed-step'
    | 'unknown-outcome'
    | 'fencing'
    | 'data'
    | 'by-hand'
    | 'window'
    | 'objective'
    | 'warning';
  readonly subject: string;
  readonly what: string;
}

/** unknown: not known (yet), and never counted as met. not-applicable: the run did not, or does not, move the service. */
export type ObjectiveResult = 'met' | 'missed' | 'unknown' | 'not-applicable';

export interface ObjectiveFigure extends Figure {
  readonly result: ObjectiveResult;
  readonly because: string;
  readonly objectiveSeconds?: number;
  readonly achievedSeconds?: number;
}

/** A measured stretch. Without `seconds` it is unknown or does not apply, and `because` says which and why. */
export interface SpanFigure extends Figure {
  readonly because: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly seconds?: number;
  /** True: it began before anything that the run knows of. */
  readonly atLeast?: boolean;
  /** Time inside the stretch in which only people were waited for. */
  readonly peopleSeconds?: number;
}

/** A move, or the reversal of replication, as a drill rehearsed it on its copies. */
export interface DrillLeg extends Figure {
  readonly operation: Exclude<Operation, 'drill'>;
  /** Name of the site that it led to. */
  readonly site: string;
  /** From its begin to health, or to a replica. Absent: it did not come to its end. */
  readonly seconds?: number;
  readonly withinRto?: boolean;
  /** "failback of the copy, to alpha: 3.2 s from the first workload stopped to every workload of it healthy; RTO of 1 min met". */
  readonly what: string;
}

/** The parts add up to `totalSeconds`. */
export interface TimeBreakdown extends Figure {
  readonly totalSeconds: number;
  readonly machineSeconds: number;
  readonly peopleSeconds: number;
  /** Maintenance windows and TTLs waited for. */
  readonly clockSeconds: number;
  readonly orchestratorSeconds: number;
}

export interface DataLossFigure extends Figure {
  /** none: proven. lost: bounded by `volumes`, restored. expected: shown, not restored yet. */
  readonly status: DataLossStatus;
  readonly because: string;
  /** Achieved recovery point: 0 when proven, the oldest volume's age when lost. */
  readonly seconds?: number;
  readonly proofs: readonly VolumeProof[];
  readonly volumes: readonly LostVolume[];
  /** Data of the old active site that a reprotect found and kept: where lost records may still be. */
  readonly superseded: readonly NamedPoint[];
}

export interface VolumeProof extends SyncProof {
  readonly volume: string;
  readonly step: string;
  /** False: the digests differ. */
  readonly equal: boolean;
}

export interface LostVolume extends VolumeLoss {
  /** "records of epoch 3 or lower after 1204 are lost". */
  readonly what: string;
  /** True once the volume was restored from the point. */
  readonly restored: boolean;
}

export interface NamedPoint extends RecoveryPoint {
  readonly step: string;
}

export interface GateFigure extends Figure {
  readonly gate: string;
  readonly step: string;
  readonly prompt: string;
  readonly outcome: 'open' | 'passed' | 'declined' | 'failed' | 'expired' | 'left';
  readonly openedAt: string;
  readonly closedAt?: string;
  readonly seconds?: number;
  readonly saw?: string;
}

export interface Withdrawal {
  readonly gate: string;
  readonly by: string;
  readonly at: string;
}

export interface SentMessage {
  readonly at: string;
  readonly name: string;
  readonly by: string;
  readonly reason?: string;
}

export interface RefusedMessage {
  readonly at: string;
  readonly name: string;
  readonly because: string;
}

export interface PlanFigure {
  readonly hash: string;
  readonly runbookDigest: string;
  readonly epochs: RunEpochs;
  readonly steps: number;
  readonly commitStep: string;
  readonly description: string;
}

export interface TimelineEntry {
  readonly at: string;
  readonly kind: RunEvent['kind'];
  readonly what: string;
  readonly step?: string;
}
