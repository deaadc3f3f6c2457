import type { Opening, RecoveryPlan } from '../../core/model/plan';
import { estimatedFrom } from '../../core/running/estimate-text';
import { openingsOfStep, secondsLeft } from '../../core/running/window-rules';
import { formatSeconds, secondsBetween } from '../terminal/format';
import { span, type Line } from '../terminal/line';
import { localText } from './local-text';

/** An opening of a window; of several, also one in which all are open. */
export interface ShownOpening extends Opening {
  readonly gate: string;
  readonly timeZone: string;
  readonly seconds: number;
  /** Whether the estimate fits into what is left of it. */
  readonly fits: boolean;
}

/** How many openings of each window are shown, and the moment from which on, in milliseconds since 1970. */
interface Wanted {
  readonly next: number;
  readonly now: number;
}

/** The next openings of each window of the plan, so many of each, and then those that all of them share: a run needs them together. */
export function shownOpenings(plan: RecoveryPlan, { next, now }: Wanted): readonly ShownOpening[] {
  const windows = plan.steps.flatMap((step) => {
    const { gate } = step.input;
    return gate?.kind === 'window' ? [{ gate, openings: openingsOfStep(plan, step) }] : [];
  });
  const shown = (name: string, timeZone: string, openings: readonly Opening[]): readonly ShownOpening[] =>
    openings
      .filter((opening) => secondsLeft(opening, now) > 0)
      .slice(0, next)
      .map((opening) => {
        const seconds = secondsBetween(opening.opensAt, opening.closesAt);
        const fits = secondsLeft(opening, now) >= plan.estimateSeconds;
        return { gate: name, timeZone, ...opening, seconds, fits };
      });
  const [first] = windows;
  return [
    ...windows.flatMap(({ gate, openings }) => shown(gate.name, gate.timeZone, openings)),
    ...(first && windows.length > 1 ? shown('all together', first.gate.timeZone, plan.commonOpenings ?? []) : []),
  ];
}

export function openingLines(plan: RecoveryPlan, openings: readonly ShownOpening[]): Line[] {
  const { operation, mode, group, estimateSeconds } = plan;
  const head = [
    span(`${operation === 'failover' ? `${mode} ` : ''}${operation} of ${group}`, 'bold'),
    span(`: about ${formatSeconds(estimateSeconds)} of machine time (${estimatedFrom(plan)})`),
  ];
  const closed = plan.prechecks.filter(({ code, severity }) => code === 'WindowsOpenAgain' && severity !== 'ok');
  if (!plan.steps.some(({ kind }) => kind === 'window')) return [head, [span('it has no maintenance window')]];
  return [
    head,
    ...closed.map(({ saw }): Line => [span('! ', 'yellow'), span(saw, 'yellow')]),
    ...(openings.length === 0 && closed.length === 0 ? [[span('! no opening is left', 'yellow')]] : []),
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
