import type { Observation, SiteObservation } from '../core/model/observation';
import type { FailoverMode, Operation, RunEpochs } from '../core/model/operation';
import type { PlanStep, RecoveryPlan } from '../core/model/plan';
import type { EvidenceHead } from '../core/model/evidence';
import type { RunFigures } from '../core/model/run-figures';
import type { MeasuredRun } from '../core/model/measured-run';
import type { EndedDrill } from '../core/model/attestation';
import type { ProtectionState, RunSummary } from '../core/model/protection';
import type { Notice, NoticeSpec } from '../core/model/notice';
import type { JsonObject } from '../core/model/json';
import type { Attestation, RunEvent, StepResult } from '../core/model/run';
import type { Runbook } from '../core/model/runbook';
import type { ScheduleSpec } from '../core/model/schedule';
import type { Connectivity, SiteRole, SiteSpec } from '../core/model/site';
import type { StepKind } from '../core/model/step-kinds';
import type { RecordState, TrafficSpec } from '../core/model/traffic';
import type { VolumeSpec } from '../core/model/volume';
import type { Fencing, WorkloadSpec } from '../core/model/workload';
import type { Verdict } from '../core/model/verdict';
import type { AcquireRequest, Acquired, NoteDrillRequest, NoteStagedRequest, ReleaseRequest } from './group-contract';
import type { ReplicatePass, ReplicateRequest } from './replicate-contract';

/** Types only, so that workflows can name the activities without reaching their code. */
export interface RunRef {
  readonly workflowId: string;
  readonly runId: string;
  readonly group: string;
  readonly operation: Operation;
}

/** Input of the activity of a step kind; the activity type is the kind itself. */
export interface StepRequest {
  readonly run: RunRef;
  /** The same for every attempt, and for the resumed run. */
  readonly operationKey: string;
  readonly step: PlanStep;
  readonly sites: Readonly<Record<SiteRole, SiteSpec>>;
  readonly workload?: WorkloadSpec;
  readonly volume?: VolumeSpec;
  readonly record?: TrafficSpec;
  /** Those of `step.input.alsoMoves`, in that order. */
  readonly alsoRecords?: readonly TrafficSpec[];
  /** Of a start whose number of instances was not seen when the plan was made: where it is from, in words. */
  readonly instancesFrom?: string;
  /** Of a step that makes the standby current: all of the runbook. */
  readonly workloads?: readonly WorkloadSpec[];
  /** Of a step about a workload: those that it writes. */
  readonly volumes?: readonly VolumeSpec[];
  /** Facts of the step that `step.input.pointOf` names. */
  readonly earlier?: JsonObject;
  readonly heartbeatSeconds: number;
}

export type StepActivity = (request: StepRequest) => Promise<StepResult>;

export type StepActivities = Record<
  Exclude<StepKind, 'approval' | 'window' | 'declare-lost' | 'manual-step' | 'hold-drill' | 'wait-ttl' | 'barrier'>,
  StepActivity
>;

export interface LoadedRunbook {
  readonly runbook: Runbook;
  readonly digest: string;
  /** SHA-256 of what the group is promised: the runbook and its schedules. Absent: of a worker of before. */
  readonly termsDigest?: string;
}

export interface AttestationRequest {
  readonly drill: EndedDrill;
  readonly attestation: Attestation;
  /** How many times people had to be reminded. */
  readonly reminders: number;
}

export interface ObserveSiteRequest {
  readonly role: SiteRole;
  readonly sites: Readonly<Record<SiteRole, SiteSpec>>;
  readonly group: string;
  readonly workloads: readonly WorkloadSpec[];
  readonly volumes: readonly VolumeSpec[];
}

export interface CompileRequest {
  readonly runbook: Runbook;
  readonly digest: string;
  readonly operation: Operation;
  readonly mode: FailoverMode;
  readonly observation: Observation;
  readonly epochs: RunEpochs;
  /** As core/running/point-choice.ts reads it; absent: "latest". */
  readonly recoveryPoint?: string;
  /** Of a drill: how long its copy is held. */
  readonly keep?: { readonly seconds?: number; readonly until?: string };
  /** Of a drill: whether the way back is rehearsed as well. */
  readonly roundTrip?: boolean;
  readonly windows?: Readonly<Record<string, { readonly start?: string; readonly durationSeconds?: number }>>;
  /** Runs of the operation that are good for estimates, newest first. */
  readonly earlierRuns?: readonly RunSummary[];
}

export interface ReportRequest {
  readonly run: RunRef;
  readonly verdict: Verdict;
  readonly because: string;
}

export interface WrittenReport {
  readonly files: readonly string[];
  /** The end of the evidence, with the report. Absent: it is not kept, or of a worker of before. */
  readonly evidence?: EvidenceHead;
  /** Why the report is not in the evidence yet. Absent: it is. */
  readonly unkept?: string;
  /** Of a run that did all of its plan by itself: what later estimates are made from. */
  readonly measured?: MeasuredRun;
  /** What the group remembers of the run. */
  readonly figures?: RunFigures;
}

/** Where a run stopped: asked from the closed run by its queries. */
export interface InterruptedRun {
  readonly plan: RecoveryPlan;
  readonly events: readonly RunEvent[];
  readonly operationKeyBase: string;
}

/** Activities of the workflows' own task queue. */
export interface ControlActivities {
  loadRunbook(request: { readonly runbook: string }): Promise<LoadedRunbook>;
  acquireGroup(request: AcquireRequest): Promise<Acquired>;
  releaseGroup(request: ReleaseRequest): Promise<boolean>;
  compilePlan(request: CompileRequest): Promise<RecoveryPlan>;
  /** Asks the run for its plan and events, so that neither travels through its history once more. */
  writeReport(request: ReportRequest): Promise<WrittenReport>;
  /** State of a group as its `protection` workflow knows it; null when there is none. Changes nothing. */
  readState(request: { readonly group: string }): Promise<ProtectionState | null>;
  /** Tells people; see activities/send-notice.ts. */
  sendNotice(request: { readonly spec: NoticeSpec; readonly notice: Notice }): Promise<{ readonly saw: string }>;
  /** Those of these environment variables that are not set here, where webhooks are called. */
  examineVariables(request: { readonly names: readonly string[] }): Promise<readonly string[]>;
  /** Whether the text was signed with the private key of this public one. The sandbox of workflows has no cryptography. */
  verifySignature(request: {
    readonly text: string;
    readonly publicKey: string;
    readonly signature: string;
  }): Promise<{ readonly valid: boolean; readonly keyId: string }>;
  /** Tells the group of a drill that it was held, or that it was attested. Told twice, it counts once. */
  noteDrill(request: NoteDrillRequest): Promise<void>;
  /** Tells the group what a pass of staging did that somebody asked for. */
  noteStaged(request: NoteStagedRequest): Promise<void>;
  /** Puts beside the report of a drill what a person said of it. */
  writeAttestation(request: AttestationRequest): Promise<{ readonly files: readonly string[] }>;
  /** Does nothing: what it takes is the orchestrator's own share of a step. */
  noOp(): Promise<void>;
  /** What the runbook declares of schedules; none of it is in `Runbook`, so that no plan depends on it. */
  readSchedules(request: { readonly runbook: string }): Promise<readonly ScheduleSpec[]>;
  /** Tells a schedule that a run of it has failed; true when it is paused by that. */
  pauseSchedule(request: { readonly schedule: string; readonly note: string }): Promise<boolean>;
  interruptedRun(request: { readonly workflowId: string; readonly runId: string }): Promise<InterruptedRun>;
}

/** What was seen of a step that is said to be done. */
export interface Verification {
  readonly done: boolean;
  readonly saw: string;
}

/** Activities of a site's task queue, besides the steps. */
export interface SiteActivities {
  /** Looks whether steps of a `VerifiableKind` are done, in the order given; changes nothing. What cannot be seen is not done. */
  verifySteps(request: {
    readonly steps: readonly StepRequest[];
    readonly heartbeatSeconds: number;
  }): Promise<readonly Verification[]>;
  observeSite(request: ObserveSiteRequest): Promise<SiteObservation>;
  observeRecords(request: { readonly records: readonly TrafficSpec[] }): Promise<Readonly<Record<string, RecordState>>>;
  /** Programs of these that this worker does not run, each with the reason. Runs none of them. */
  examineCommands(request: { readonly programs: readonly string[] }): Promise<Readonly<Record<string, string>>>;
  testConnectivity(request: { readonly from: SiteSpec; readonly to: SiteSpec }): Promise<Connectivity>;
  replicate(request: ReplicateRequest): Promise<ReplicatePass>;
  /** Tries again to fence a standby that could not be fenced when it was lost. */
  fenceStandby(request: {
    readonly group: string;
    readonly site: SiteSpec;
    readonly epoch: number;
  }): Promise<{ readonly fencing: Fencing; readonly saw: string }>;
}
