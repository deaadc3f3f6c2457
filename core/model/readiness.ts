import type { ReasonCode } from './readiness-codes';

/** Whether the operations that are possible next would work now. */
export type ReadinessState = 'Ready' | 'AtRisk' | 'NotReady';

/** As people read them. */
export const readinessWords: Readonly<Record<ReadinessState, string>> = {
  Ready: 'Ready',
  AtRisk: 'At risk',
  NotReady: 'Not ready',
};

/** What one evaluation of a group has found (docs/adr/0038). */
export interface Readiness {
  readonly state: ReadinessState;
  /** The worst first, `mostReasons` at most. Empty: Ready. */
  readonly reasons: readonly ReadinessReason[];
  /** How many more reasons there are than are listed; absent: none. */
  readonly more?: number;
  /** ISO instant at which the sites had been looked at. */
  readonly evaluatedAt: string;
  readonly tookSeconds: number;
  /** What was seen at the active site and is in no plan, `mostUncovered` at most. Absent: nobody could look. */
  readonly uncovered?: readonly string[];
  /** SHA-256 of the canonical JSON of the runbook; absent: it could not be read. */
  readonly runbookHash?: string;
}

export interface ReadinessReason {
  readonly code: ReasonCode;
  /** error: the group is not ready. warning: it is at risk. */
  readonly severity: 'error' | 'warning';
  /** What would be refused or hurt: "planned failover", "drill". Absent: all that is possible next. */
  readonly operations?: readonly string[];
  /** Name of the site that it is about; absent: of none, or of both. */
  readonly site?: string;
  readonly subject: string;
  readonly what: string;
  /** What a person should do. */
  readonly doThis: string;
  /** ISO instant of the evaluation that found it first, of those without a gap. */
  readonly since: string;
}

/** The state of the group keeps them, and so does each history that they travel through. */
export const mostReasons = 20;
export const mostUncovered = 50;
export const longestReasonText = 400;
