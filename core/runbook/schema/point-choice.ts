import { parsePointChoice } from '../../running/point-choice';
import { because, line } from './scalars';

/** A recovery point as people choose one (core/running/point-choice.ts). */
export const pointChoice = () =>
  line(200).refine(
    (text) => typeof parsePointChoice(text) !== 'string',
    because('InvalidRecoveryPoint', (_shown, text) => String(parsePointChoice(text))),
  );
