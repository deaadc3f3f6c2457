import type { DatedEvent } from './moment';
import type { Interval } from './intervals';

/**
 * Stretches between a run that stopped and the one that continues it, whose events have those of the first one before them: from
 * the last that the first one recorded to the begin of the next. Events in order.
 */
export const interruptionsOfRun = (events: readonly DatedEvent[]): Interval[] =>
  events.flatMap(({ event, moment }, index) => {
    const before = events[index - 1]?.moment;
    return event.kind === 'run-started' && before ? [{ start: before.ms, end: moment.ms }] : [];
  });
