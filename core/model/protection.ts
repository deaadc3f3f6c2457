import type { Operation, ProtectionPhase, ReplicationDirection, RunEpochs } from './operation';
import type { SiteRole } from './site';
import type { EvidenceHead, KeepEvidence } from './evidence';
import type { MeasuredRun } from './measured-run';
import type { RunFigures } from './run-figures';
import type { Readiness } from './readiness';
import type { StageSummary } from './stage';
import type { PointSet } from './volume';
import type { Fencing, SeenInstancesByWorkload } from './workload';
import type { AttestationVerdict, Verdict } from './verdict';

/** The state of a protection group; the `protection` workflow owns it and answers it to the query `state`. */
export interface ProtectionState {
  readonly group: string;
  readonly phase: ProtectionPhase;
  readonly activeSite: SiteRole;
  /** Epoch of what is active now. */
  readonly epoch: number;
  /** Highest epoch ever handed out; the next run gets higher ones. */
  readonly highestEpoch: number;
  readonly replication: ReplicationState;
  readonly fencing: Readonly<Record<SiteRole, Fencing>>;
  /** Present while an operation holds the group. */
  readonly holder?: Holder;
  /** Present while an operation holds the group: the phase that it began from, or after its commit point the one it leads to. */
  readonly lastProven?: ProtectionPhase;
  /** The epochs that were handed to the holder. */
  readonly handed?: RunEpochs;
  /** Present in phase Incomplete: what stopped where. */
  readonly incomplete?: Incomplete;
  /** Present while an operation holds a group that was Incomplete: what it is again when the operation changes nothing. */
  readonly interrupted?: Incomplete;
  /** A drill that runs beside the group: it holds up no operation. */
  readonly drill?: Holder;
  /** While a drill runs beside the group: how far the standby was behind at worst since. Absent: not known yet. */
  readonly drillLag?: WorstLag;
  /** A drill that ended without removing its copy; the next one removes it. */
  readonly drillLeft?: DrillLeft;
  /** What people say of the drills that were held; absent: none was. */
  readonly drills?: DrillRecord;
  /** Why the runbook cannot be used as it is now; the group is looked after by the one before. */
  readonly runbookTrouble?: string;
  /** What was last seen for certain of workloads of a cluster at the active site; absent: nothing yet. */
  readonly instances?: SeenInstancesByWorkload;
  /** How the standby is kept current; absent: nothing was staged yet. */
  readonly stage?: StageState;
  /** Whether what is possible next would work; while a run holds the group, as it was before. Absent: not evaluated yet. */
  readonly readiness?: Readiness;
  readonly breach?: { readonly since: string; readonly lagSeconds: number };
  /** Absent: there is nothing to say of it. */
  readonly evidence?: EvidenceState;
  /** Another Temporal looks after the group since: nothing is done for it here. Absent: it is looked after here. */
  readonly moved?: Moved;
  /** The last 50, newest first. */
  readonly runs: readonly RunSummary[];
}

/** Input of the workflow `protection`. `state` is there after a continue-as-new, or when a state is imported. */
export interface ProtectionInput {
  readonly runbook: string;
  readonly state?: ProtectionState;
  /** What the workflow that continued as new could not keep yet. */
  readonly evidence?: readonly KeepEvidence[];
}

/** When the state was given away, and the SHA-256 of the file that it was written to. */
export interface Moved {
  readonly at: string;
  readonly sha256: string;
}

export interface ReplicationState {
  readonly direction: ReplicationDirection;
  readonly paused: boolean;
  /** The objective for the lag in this direction; absent until the first turn of the schedule. */
  readonly rpoSeconds?: number;
  /** By volume: every write acknowledged before this instant is at the standby. */
  readonly asOf: Readonly<Record<string, string>>;
  readonly lastPassAt?: string;
  readonly lastPointAt?: string;
  /** Why the last pass failed; absent when it did not. */
  readonly lastError?: string;
  /** Absent: no application-consistent recovery point was tried yet. */
  readonly application?: ApplicationPointsState;
}

/** How the application-consistent recovery points stand. */
export interface ApplicationPointsState {
  readonly triedAt: string;
  /** The newest set. */
  readonly last?: PointSet;
  /** For how long the application was kept still the last time, in seconds: the programs that quiesce and resume it included. */
  readonly stillSeconds?: number;
  /** Why there is no newer set; absent: the last try made one. */
  readonly lastError?: string;
  /** Present while the application may be quiesced, with what resumes it. */
  readonly quiesced?: {
    readonly set: string;
    readonly site: SiteRole;
    readonly since: string;
    readonly resume: readonly string[];
    /** Why it could not be resumed so far. */
    readonly lastError?: string;
  };
}

/** How the evidence of the group is kept. */
export interface EvidenceState {
  /** Why it cannot be kept at the moment; what waits is kept later. */
  readonly trouble?: string;
  /** The end of the chain when something of the group itself was kept last. */
  readonly head?: EvidenceHead;
  /** Of the workflow that continued as new: until when samples were made, and which terms were kept last. */
  readonly sampledUntil?: string;
  readonly terms?: string;
}

/** How the objects of the standby are kept current. */
export interface StageState {
  /** The last pass that was made; few of its findings. Absent: none was. */
  readonly last?: StageSummary;
  /** Why there is no newer one; absent: the last try made one. */
  readonly lastError?: string;
}

export interface Holder {
  readonly workflowId: string;
  readonly runId: string;
  readonly operation: Operation;
  readonly since: string;
  /** It goes on with the plan of the run that left the group Incomplete. */
  readonly continues?: true;
}

export interface Incomplete {
  readonly operation: Operation;
  readonly workflowId: string;
  readonly runId: string;
  /** The last phase that was proven: operations that are possible from it are possible again. */
  readonly before: ProtectionPhase;
  readonly because: string;
  readonly epochs?: RunEpochs;
}

export interface WorstLag {
  readonly seconds: number;
  /** ISO instant at which it was so far behind. */
  readonly at: string;
}

export interface DrillLeft {
  readonly workflowId: string;
  readonly runId: string;
  readonly because: string;
  /** ISO instant. */
  readonly since: string;
}

/** Every drill that was held is passed, failed, or waits for somebody to attest it. */
export interface DrillRecord {
  readonly passed: number;
  readonly failed: number;
  /** Those that wait, the oldest first. */
  readonly unattested: readonly HeldDrill[];
  /** How many more wait than are named. */
  readonly more: number;
  /** Those that were attested last, newest first. */
  readonly attested: readonly AttestedDrill[];
}

export interface HeldDrill {
  readonly workflowId: string;
  readonly runId: string;
  readonly endedAt: string;
}

export interface AttestedDrill extends HeldDrill {
  readonly verdict: AttestationVerdict;
  readonly by: string;
  readonly at: string;
  /** Id of the key that it was signed with; absent: `by` is a claim. */
  readonly keyId?: string;
}

export interface RunSummary {
  readonly workflowId: string;
  readonly runId: string;
  readonly operation: Operation;
  readonly verdict: Verdict;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Only of a run that is good for estimates. */
  readonly measured?: MeasuredRun;
  /** The end of the group's evidence when the report of the run was kept in it. */
  readonly evidence?: EvidenceHead;
  /** Of its report. Absent: it ended before there was one, or before figures were kept. */
  readonly figures?: RunFigures;
}
