import { Temporal } from 'temporal-polyfill';
import type { Recurrence } from './recurrence';
import { dayNumber } from './recurrence-day';
import { RecurrenceRule } from './recurrence-rule';

/** After so many years each date has been on each weekday, and so on each day on which clocks are put back. */
const YEARS_LOOKED_AHEAD = 28;

/** The first local time of the rule that clocks show twice, because they are put back over it; undefined when there is none. */
export function comesTwice({ start, repeat, zone }: Recurrence): string | undefined {
  const begin = Temporal.PlainDateTime.from(start);
  const rule = new RecurrenceRule(repeat, numberOf(begin));
  let at = begin.toZonedDateTime(zone).subtract({ days: 1 });
  const end = at.add({ years: YEARS_LOOKED_AHEAD }).epochMilliseconds;
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (next === null || next.epochMilliseconds > end) return undefined;
    at = next;
    const after = next.toPlainDateTime();
    const before = next.subtract({ nanoseconds: 1 }).toPlainDateTime().add({ nanoseconds: 1 });
    if (Temporal.PlainDateTime.compare(before, after) <= 0) continue;
    for (let day = after.toPlainDate(); !isAfter(day, before); day = day.add({ days: 1 })) {
      const local = day.toPlainDateTime(begin.toPlainTime());
      const isTwice =
        Temporal.PlainDateTime.compare(local, after) >= 0 && Temporal.PlainDateTime.compare(local, before) < 0;
      if (isTwice && [...rule.days(numberOf(local), numberOf(local))].length > 0)
        return local.toString().slice(0, start.length);
    }
  }
}

const isAfter = (day: Temporal.PlainDate, time: Temporal.PlainDateTime): boolean =>
  Temporal.PlainDate.compare(day, time.toPlainDate()) > 0;

const numberOf = ({ year, month, day }: Temporal.PlainDateTime): number => dayNumber(year, month, day);
