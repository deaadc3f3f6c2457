import type { RecoveryPlan } from '../model/plan';
import { durationText } from '../report/markdown/duration-text';

/** Where an estimate is from: "from 5 earlier runs". */
export const estimatedFrom = ({ earlierRuns }: Pick<RecoveryPlan, 'earlierRuns'>): string =>
  earlierRuns === undefined ? 'from the plan' : `from ${earlierRuns} earlier runs`;

/** How long it is expected to take, and where that is known from: "about 42 s (from the plan)". */
export const estimateText = (plan: Pick<RecoveryPlan, 'estimateSeconds' | 'earlierRuns'>): string =>
  `about ${durationText(plan.estimateSeconds)} (${estimatedFrom(plan)})`;
