import fc from 'fast-check';
import type { Choose } from '../../../simulation/choose';

/** What is chosen, over and over again. */
export const arbitraryPicks = fc.array(fc.nat(997), { minLength: 1, maxLength: 40 });

export function choosing(picks: readonly number[]): Choose {
  let turn = 0;
  return (among) => {
    turn += 1;
    // The turn is added, or a short list would take the same way at every visit.
    return ((picks[turn % picks.length] ?? 0) + Math.floor(turn / picks.length)) % among;
  };
}
