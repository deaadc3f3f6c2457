import type { Opening, PlanStep, RecoveryPlan } from '../model/plan';
import { estimateText } from './estimate-text';

/** The openings of one window, as far as the plan knows them. */
export const openingsOfStep = (
  { openings }: Pick<RecoveryPlan, 'openings'>,
  { id, input: { opensAt = '', closesAt = '' } }: PlanStep,
): readonly Opening[] => openings?.[id] ?? [{ opensAt, closesAt }];

/** What is left of an opening at a moment (in milliseconds since 1970), in seconds; negative when it is over. */
export const secondsLeft = ({ opensAt, closesAt }: Opening, at: number): number =>
  (Date.parse(closesAt) - Math.max(at, Date.parse(opensAt))) / 1000;

/** The first opening in which what needs so many seconds can be expected to end. */
export const firstFitting = (
  openings: readonly Opening[],
  { needed, at }: { readonly needed: number; readonly at: number },
): Opening | undefined => openings.find((opening) => secondsLeft(opening, at) >= needed);

/** When a window closes that is open during an opening that it shares with others. */
export const closingOf = (own: readonly Opening[], { opensAt, closesAt }: Opening): string =>
  own.find((one) => Date.parse(one.opensAt) <= Date.parse(opensAt) && Date.parse(closesAt) <= Date.parse(one.closesAt))
    ?.closesAt ?? closesAt;

/** Why no opening will do, for people. `what` names the windows. */
export function whyNone(
  what: string,
  openings: readonly Opening[],
  { plan, at }: { readonly plan: Pick<RecoveryPlan, 'estimateSeconds' | 'earlierRuns'>; readonly at: number },
): string {
  const left = openings.filter((opening) => secondsLeft(opening, at) > 0);
  const [open] = left;
  if (open === undefined) return `${what} closed at ${openings.at(-1)?.closesAt ?? 'a time that is over'}`;
  const room = Math.floor(Math.max(...left.map((opening) => secondsLeft(opening, at))));
  const longest = left.length === 1 ? `has ${room} s left` : `opens ${left.length} times, for ${room} s at most`;
  return `${what} ${longest}, the run needs ${estimateText(plan)}`;
}
