import type { Operation, ProtectionPhase, ReplicationDirection, RunEpochs } from '../core/model/operation';
import type { AttestedDrill, HeldDrill, Holder, ProtectionState, RunSummary } from '../core/model/protection';
import type { SiteRole } from '../core/model/site';
import type { StageSummary } from '../core/model/stage';

/** Types only, like contract.ts: what runs ask of their group. */

export interface AcquireRequest {
  readonly group: string;
  readonly runbook: string;
  readonly holder: Holder;
  /** A run whose plan is continued: its epochs are given again. */
  readonly resumeOf?: { readonly workflowId: string; readonly runId: string };
  /** It is continued with another plan: new epochs are given. */
  readonly anew?: true;
}

export interface AcquireUpdate extends AcquireRequest {
  /** The holder of this run id was found dead: its hold ends. */
  readonly deadHolder?: { readonly runId: string; readonly closedAs: string };
}

export interface CommitUpdate {
  readonly runId: string;
  readonly operation: Operation;
  readonly epoch: number;
  readonly activeSite: SiteRole;
  readonly direction: ReplicationDirection;
}

export interface ReplicationUpdate {
  readonly runId: string;
  readonly direction?: ReplicationDirection;
}

export interface NoteDrillRequest {
  readonly group: string;
  /** One that was attested has a verdict. */
  readonly drill: HeldDrill | AttestedDrill;
}

export interface NoteStagedRequest {
  readonly group: string;
  readonly pass: StageSummary;
}

export interface Acquired {
  readonly state: ProtectionState;
  /** Phase that the operation begins from; of a group left Incomplete, the one before that. */
  readonly before: ProtectionPhase;
  readonly epochs: RunEpochs;
  /** A run that held the group and ended without releasing it. */
  readonly tookOverFrom?: string;
}

export interface ReleaseRequest {
  readonly group: string;
  readonly holder: Holder;
  readonly summary: RunSummary;
  /** Phase of the group from now on. */
  readonly phase: ProtectionPhase;
  readonly epoch: number;
  readonly activeSite: SiteRole;
  readonly because: string;
  /** The report of the run is not in the evidence yet: the group is to keep it. */
  readonly unkept?: true;
}
