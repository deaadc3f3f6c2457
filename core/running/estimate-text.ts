import type { RecoveryPlan } from '../model/plan';
import { durationText } from '../report/markdown/duration-text';

/** How long it is expected to take, and where that is known from: "about 42 s, by the steps of the plan". */
export const estimateText = ({ estimateSeconds }: Pick<RecoveryPlan, 'estimateSeconds'>): string =>
  `about ${durationText(estimateSeconds)}, by the steps of the plan`;
