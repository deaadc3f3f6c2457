import type { Opening, RecoveryPlan } from '../../core/model/plan';
import { openingsOfStep } from '../../core/running/window-rules';
import { formatSeconds, secondsBetween } from '../terminal/format';
import { span, type Line } from '../terminal/line';
import { localText } from './local-text';

/** An opening of a window; of several, also one in which all are open. */
export interface ShownOpening extends Opening {
  readonly gate: string;
  readonly timeZone: string;
  readonly seconds: number;
  readonly fits: boolean;
}

/** The next openings of each window of the plan, so many of each, and then those that all of them share: a run needs them together. */
export function shownOpenings(plan: RecoveryPlan, next: number): readonly ShownOpening[] {
  const windows = plan.steps.flatMap((step) => {
    const { gate } = step.input;
    return gate?.kind === 'window' ? [{ gate, openings: openingsOfStep(plan, step) }] : [];
  });
  const shown = (name: string, timeZone: string, openings: readonly Opening[]): readonly ShownOpening[] =>
    openings.slice(0, next).map((opening) => {
      const seconds = secondsBetween(opening.opensAt, opening.closesAt);
      return { gate: name, timeZone, ...opening, seconds, fits: seconds >= plan.estimateSeconds };
    });
  const [first] = windows;
  return [
    ...windows.flatMap(({ gate, openings }) => shown(gate.name, gate.timeZone, openings)),
    ...(first && windows.length > 1 ? shown('all together', first.gate.timeZone, plan.commonOpenings ?? []) : []),
  ];
}

export function openingLines(
  { operation, group, estimateSeconds }: RecoveryPlan,
  openings: readonly ShownOpening[],
): Line[] {
  const head = [
    span(`${operation} of ${group}`, 'bold'),
    span(`: about ${formatSeconds(estimateSeconds)} of machine time`),
  ];
  if (openings.length === 0) return [head, [span('no window opens within the next 400 days', 'yellow')]];
  return [
    head,
    ...openings.map((opening): Line => {
      const { gate, timeZone, opensAt, seconds, fits } = opening;
      return [
        span(fits ? '✓ ' : '! ', fits ? 'green' : 'yellow'),
        span(`${gate}  `),
        span(localText(opensAt, timeZone), 'bold'),
        span(
          ` ${timeZone}, for ${formatSeconds(seconds)}${cutText(opening)}${fits ? '' : ': too short for the estimate'}`,
        ),
      ];
    }),
  ];
}

/** ", cut by year-end freeze": why it is shorter than its rule says. */
export const cutText = ({ cutBy = [] }: Opening): string =>
  cutBy.length === 0 ? '' : `, cut by ${cutBy.join(' and ')}`;
