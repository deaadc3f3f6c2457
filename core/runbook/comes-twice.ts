import { Temporal } from 'temporal-polyfill';
import type { Recurrence } from './recurrence';
import { dayNumber } from './recurrence-day';
import { RecurrenceRule } from './recurrence-rule';

/** After so many years each date has been on each weekday, and so on each day on which clocks are put back. */
const YEARS_LOOKED_AHEAD = 28;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The first local time of the rule in an hour that comes twice, because clocks are put back into it; undefined: there is none. */
export function comesTwice({ start, repeat, zone }: Recurrence): string | undefined {
  const begin = Temporal.PlainDateTime.from(start);
  const rule = new RecurrenceRule(repeat, dayNumber(begin.year, begin.month, begin.day));
  const timeOfDay = localMs(begin) % DAY_MS;
  for (const { from, to } of hoursThatComeTwice(begin.toZonedDateTime(zone).subtract({ days: 1 }))) {
    for (const day of rule.days(Math.floor(from / DAY_MS), Math.floor((to - 1) / DAY_MS))) {
      const local = day * DAY_MS + timeOfDay;
      if (local >= from && local < to) return new Date(local).toISOString().slice(0, start.length);
    }
  }
  return undefined;
}

/**
 * Whole hours, in local time read as if it were UTC. Where clocks go back by half an hour, Temporal's server goes wrong in the other
 * half as well.
 */
function* hoursThatComeTwice(start: Temporal.ZonedDateTime): Iterable<{ readonly from: number; readonly to: number }> {
  const end = start.add({ years: YEARS_LOOKED_AHEAD }).epochMilliseconds;
  for (let at = start.getTimeZoneTransition('next'); at !== null && at.epochMilliseconds <= end;) {
    const after = localMs(at.toPlainDateTime());
    const before = localMs(at.subtract({ milliseconds: 1 }).toPlainDateTime()) + 1;
    if (before > after)
      yield { from: Math.floor(after / HOUR_MS) * HOUR_MS, to: Math.ceil(before / HOUR_MS) * HOUR_MS };
    at = at.getTimeZoneTransition('next');
  }
}

const localMs = (local: Temporal.PlainDateTime): number => local.toZonedDateTime('UTC').epochMilliseconds;
