import type { RecoveryPlan } from '../model/plan';
import { durationText } from '../report/markdown/duration-text';

/** How long it is expected to take, and where that is known from: "about 42 s, by the steps of the plan". */
export const estimateText = ({
  estimateSeconds,
  estimateFrom,
}: Pick<RecoveryPlan, 'estimateSeconds' | 'estimateFrom'>): string =>
  `about ${durationText(estimateSeconds)}, ${basisText(estimateFrom)}`;

const basisText = (from: RecoveryPlan['estimateFrom']): string =>
  from === undefined
    ? 'by the steps of the plan'
    : `the 90th percentile of ${from.runs} earlier runs (by the steps of the plan ${durationText(from.planSeconds)})`;
