import { Temporal } from 'temporal-polyfill';
import type { Recurrence } from './recurrence';
import { dayNumber } from './recurrence-day';
import { RecurrenceRule } from './recurrence-rule';

/** After so many years each date has been on each weekday, and so on each day on which clocks change. */
const YEARS_LOOKED_AHEAD = 28;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * The first local time of the rule that clocks skip or show twice, or that is within an hour of such, or on a day next to a midnight
 * that they skip; undefined when there is none.
 * test/integration/schedules/calendars.test.ts shows that Temporal's server keeps all others as the rule has them.
 */
export function nearClockChange({ start, repeat, zone }: Recurrence): string | undefined {
  const begin = Temporal.PlainDateTime.from(start);
  const rule = new RecurrenceRule(repeat, dayNumber(begin.year, begin.month, begin.day));
  const timeOfDay = localMs(begin) % DAY_MS;
  for (const { from, to } of changes(begin.toZonedDateTime(zone).subtract({ days: 1 }))) {
    for (const day of rule.days(Math.floor(from / DAY_MS), Math.floor(to / DAY_MS))) {
      const local = day * DAY_MS + timeOfDay;
      if (local >= from && local <= to) return new Date(local).toISOString().slice(0, start.length);
    }
  }
  return undefined;
}

/** Around each change of clocks after the start: from an hour before what clocks show first to an hour after. Local, read as UTC. */
function* changes(start: Temporal.ZonedDateTime): Iterable<{ readonly from: number; readonly to: number }> {
  const end = start.add({ years: YEARS_LOOKED_AHEAD }).epochMilliseconds;
  for (let at = start.getTimeZoneTransition('next'); at !== null && at.epochMilliseconds <= end;) {
    const after = localMs(at.toPlainDateTime());
    const before = localMs(at.subtract({ milliseconds: 1 }).toPlainDateTime()) + 1;
    const midnight = Math.ceil(before / DAY_MS) * DAY_MS;
    // West of Greenwich, Temporal's server goes wrong on both days between which midnight is skipped.
    if (midnight < after) yield { from: midnight - DAY_MS, to: midnight + DAY_MS - 1 };
    else yield { from: Math.min(before, after) - HOUR_MS, to: Math.max(before, after) + HOUR_MS };
    at = at.getTimeZoneTransition('next');
  }
}

const localMs = (local: Temporal.PlainDateTime): number => local.toZonedDateTime('UTC').epochMilliseconds;
