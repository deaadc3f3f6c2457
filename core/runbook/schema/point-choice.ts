import { parsePointChoice } from '../../running/point-choice';
import { because, line } from './scalars';

/** A recovery point as people choose one (core/running/point-choice.ts). */
export const pointChoice = () =>
  line(200).refine(
    (text) => wrongWith(text) === undefined,
    because('InvalidRecoveryPoint', (_shown, text) => wrongWith(text) ?? ''),
  );

function wrongWith(text: string): string | undefined {
  const choice = parsePointChoice(text);
  return typeof choice === 'string' ? choice : undefined;
}
