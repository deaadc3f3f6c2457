import type { EvidenceHead, RequiredApproval } from '../model/evidence';
import type { Operation } from '../model/operation';
import type { Objectives } from '../model/runbook';
import type { AttestationVerdict, Verdict } from '../model/verdict';
import type { ObjectiveResult } from '../report/report';

/**
 * Whether protection groups held what was promised for them, from what is kept as evidence and from nothing else. Instants are
 * ISO, lengths are seconds. What is not known is never counted as held.
 */
export interface ComplianceReport {
  readonly schemaVersion: 1;
  readonly period: CompliancePeriod;
  /** The worst of the groups: not-compliant before not-provable. */
  readonly verdict: ComplianceVerdict;
  readonly groups: readonly GroupCompliance[];
}

/** not-provable: nothing speaks against it, but evidence is missing, or is not as it was written. */
export type ComplianceVerdict = 'compliant' | 'not-compliant' | 'not-provable';

export interface CompliancePeriod {
  /** "2026Q4", or the two dates. */
  readonly name: string;
  /** Included. */
  readonly from: string;
  /** Not included. */
  readonly to: string;
  /** Whose days and quarters they are. */
  readonly timeZone: string;
  /** When the evidence was read. Before `to`: the period goes on, and everything is "so far". */
  readonly asOf: string;
}

export interface GroupCompliance {
  readonly group: string;
  readonly verdict: ComplianceVerdict;
  readonly because: string;
  /** Absent: the objectives have no grades. */
  readonly grades?: GradesFigure;
  /** What the verdict is from, violations first; notes do not change it. */
  readonly findings: readonly Finding[];
  readonly evidence: EvidenceFigure;
  /** What was promised, from when on; the one in force at the beginning of the period is the first. */
  readonly promised: readonly Promised[];
  readonly rpo: RpoFigure;
  /** Runs that ended in the period, drills among them, in that order. */
  readonly runs: readonly RunFigure[];
  readonly drills: DrillsFigure;
  readonly approvals: readonly ApprovalFigure[];
  readonly coverage: CoverageFigure;
}

/** violation: it was not held. gap: it cannot be shown that it was. note: worth knowing. */
export interface Finding {
  readonly kind: 'violation' | 'gap' | 'note';
  readonly about: 'evidence' | 'rpo' | 'rto' | 'grade' | 'drill' | 'approval' | 'coverage';
  readonly what: string;
}

export interface GradesFigure {
  /** Name of the best grade that was earned, as far as is known. Absent: none was. */
  readonly earned?: string;
  readonly all: readonly GradeFigure[];
}

export interface GradeFigure {
  readonly name: string;
  readonly result: 'earned' | 'not-earned' | 'unknown';
  readonly because: string;
}

export interface EvidenceFigure {
  /** How many entries the chain of the group has, and its end: who has kept that elsewhere can compare. */
  readonly entries: number;
  readonly head: EvidenceHead;
  /** What `switchback evidence verify` finds wrong with the chain; empty: nothing. */
  readonly faults: readonly string[];
  /** When the first entry was written. Absent: there is none. */
  readonly begins?: string;
}

export interface Promised {
  readonly since: string;
  readonly runbookDigest: string;
  readonly objectives: Objectives;
  readonly failbackRpoSeconds: number;
}

/** `withinSeconds`, `beyondSeconds` and `unknownSeconds` add up to the time from `from` to `to`, to the millisecond. */
export interface RpoFigure extends RpoTimes {
  /** The period; of one that goes on, up to the last sample. */
  readonly from: string;
  readonly to: string;
  /** Of `beyondSeconds`: nothing was replicated, so that there was no lag to measure. */
  readonly unprotectedSeconds: number;
  /** The greatest lag that was seen; absent: none was. */
  readonly worst?: { readonly lagSeconds: number; readonly at: string };
  readonly breaches: readonly BreachFigure[];
  /** Stretches of which nothing is known at all, because no sample covers them. */
  readonly gaps: readonly { readonly from: string; readonly to: string; readonly seconds: number }[];
  /** The same in equal slices, an hour, a day or a week each. */
  readonly slices: readonly RpoSlice[];
}

export interface RpoTimes {
  readonly withinSeconds: number;
  readonly beyondSeconds: number;
  readonly unknownSeconds: number;
}

export interface RpoSlice extends RpoTimes {
  readonly from: string;
  readonly to: string;
  readonly worstLagSeconds?: number;
}

/** One stretch beyond the objective, however many samples tell of it. It may begin before the period and end after it. */
export interface BreachFigure {
  /** lag: the standby was too far behind. unprotected: nothing was replicated. */
  readonly kind: 'lag' | 'unprotected';
  readonly since: string;
  /** Absent: it went on where it was seen last, and nobody saw its end. */
  readonly until?: string;
  /** The whole of it, as far as is known. */
  readonly seconds: number;
  /** What of it lies in the period. */
  readonly secondsInPeriod: number;
  readonly worstLagSeconds?: number;
}

/** Where something is written: the entry of the group's chain, and the SHA-256 of what it keeps. */
export interface EvidenceRef {
  readonly sequence: number;
  readonly body: string;
}

export interface RunFigure {
  readonly workflowId: string;
  readonly runId: string;
  readonly operation: Operation;
  readonly mode?: string;
  readonly verdict: Verdict | 'running';
  readonly startedAt?: string;
  readonly endedAt: string;
  readonly requestedBy?: string;
  readonly reason?: string;
  /** Of a move its recovery; of a drill every move that it rehearsed. */
  readonly recoveries: readonly RecoveryFigure[];
  /** Whether data was lost beyond the objective; of a drill, whether production fell behind meanwhile. */
  readonly rpo: { readonly result: ObjectiveResult; readonly because: string };
  readonly evidence: EvidenceRef;
}

export interface RecoveryFigure {
  /** "failover", "failback of the copy". */
  readonly what: string;
  /** not-counted: it was given up, or a later run brought it to its end, and is judged for both. */
  readonly result: 'met' | 'missed' | 'unknown' | 'not-counted';
  readonly because: string;
  readonly objectiveSeconds?: number;
  /** Waits for people included. Of a run that continued others: since the first of them began. */
  readonly achievedSeconds?: number;
}

export interface DrillsFigure {
  /** By the schedules that were promised; of a time without terms nothing is known to have been due. */
  readonly due: readonly DueDrill[];
  /** Drills that were held in the period, those that people started among them. */
  readonly held: readonly HeldDrillFigure[];
}

export interface DueDrill {
  readonly schedule: string;
  readonly dueAt: string;
  /** The last moment at which it counts as on time: jitter and catch-up of the schedule included. */
  readonly until: string;
  /**
   * passed, failed: attested so. unattested: held, and nobody has said. overdue: none was held, and the time for it is over.
   * pending: none was held, and there is still time.
   */
  readonly state: 'passed' | 'failed' | 'unattested' | 'overdue' | 'pending';
  /** It was held after `until`. */
  readonly late?: true;
  /** The drill that answers it. Absent: none was held. */
  readonly workflowId?: string;
  readonly runId?: string;
}

export interface HeldDrillFigure {
  readonly workflowId: string;
  readonly runId: string;
  readonly startedAt: string;
  readonly endedAt: string;
  /** What the machine says. */
  readonly verdict: Verdict | 'running';
  readonly attested?: {
    readonly verdict: AttestationVerdict;
    readonly by: string;
    readonly at: string;
    readonly notes: string;
    readonly identity: Identity;
    readonly evidence: EvidenceRef;
  };
}

export type Identity = 'signed' | 'claimed';

/** A gate that the runbook requires, in a run that went past it or ended at it. */
export interface ApprovalFigure {
  readonly workflowId: string;
  readonly runId: string;
  readonly operation: Operation;
  readonly gate: string;
  readonly required: Pick<RequiredApproval, 'required' | 'signed'>;
  /** given: as required. missing: fewer people than required, or the gate was passed over. claimed-only: signatures are missing. not-reached: the run ended before. */
  readonly state: 'given' | 'missing' | 'claimed-only' | 'not-reached';
  readonly because: string;
  readonly approvedBy: readonly ApprovedBy[];
}

export interface ApprovedBy {
  readonly by: string;
  readonly at: string;
  readonly identity: Identity;
  /** The one who asked for the run. */
  readonly requester?: true;
}

export interface CoverageFigure {
  readonly workloads: readonly string[];
  readonly volumes: readonly string[];
  /** What was seen at the active site and is in no runbook; absent: nobody could look. */
  readonly uncovered?: readonly string[];
  /** Since when that is known. Absent: no terms are kept. */
  readonly since?: string;
}
