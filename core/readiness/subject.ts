import type { SiteExamination } from '../model/examination';
import type { Observation } from '../model/observation';
import type { RecoveryPlan } from '../model/plan';
import type { ProtectionState } from '../model/protection';
import type { ReadinessReason } from '../model/readiness';
import type { Runbook } from '../model/runbook';
import type { SiteRole } from '../model/site';
import type { Way } from './ways';

/** Everything that an evaluation judges. */
export interface ReadinessSubject {
  readonly runbook: Runbook;
  readonly observation: Observation;
  /** Of each site what was found beyond the observation; absent: the site did not answer. */
  readonly examinations: Readonly<Partial<Record<SiteRole, SiteExamination>>>;
  readonly state: ProtectionState;
  /** Of each way that is possible next, its plan, or why there is none. */
  readonly plans: readonly PlanOfWay[];
  /** Variables of the runbook's notices that are not set. */
  readonly missingForNotices: readonly string[];
}

export interface PlanOfWay {
  readonly way: Way;
  readonly plan: RecoveryPlan | { readonly refused: string };
}

/** A reason as a rule finds it: what to do is that of its code unless it says more. */
export type Found = Omit<ReadinessReason, 'since' | 'doThis'> & { readonly doThis?: string };

export type Rule = (subject: ReadinessSubject) => readonly Found[];

export const siteName = ({ runbook }: Pick<ReadinessSubject, 'runbook'>, role: SiteRole): string =>
  runbook.sites[role].name;
