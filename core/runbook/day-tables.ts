import { dayAt, dayNumber } from './recurrence-day';
import type { RecurrenceRule } from './recurrence-rule';

/** The days of each month (1 to 12) that fall on each weekday (Monday is 1): `table[month][weekday]`, in order. */
export type DayTable = readonly (readonly (readonly number[])[])[];

/** For common years and for leap years. */
export interface DayTables {
  readonly common: DayTable;
  readonly leap: DayTable;
}

/** Within which each of the 14 forms of a year is met, also where a leap year is left out at the turn of a century. */
const YEARS_LOOKED_AT = 40;

/**
 * On which days a rule comes that begins in the year before `first`. A year is common or leap and begins on one of seven weekdays,
 * and a date with its weekday is in one of these 14 forms only: what a rule says of it there holds in every such year. Not so
 * for BYWEEKNO, whose last week depends on the year before.
 */
export function dayTables(rule: RecurrenceRule, first: number): DayTables {
  const tables = { common: emptyTable(), leap: emptyTable() };
  const seen = new Set<string>();
  for (let year = first; year < first + YEARS_LOOKED_AT; year += 1) {
    const begin = dayAt(dayNumber(year, 1, 1));
    const form = `${begin.daysInYear} ${begin.weekday}`;
    if (seen.has(form)) continue;
    seen.add(form);
    const table = begin.daysInYear === 366 ? tables.leap : tables.common;
    for (const number of rule.days(begin.number, begin.number + begin.daysInYear - 1)) {
      const { month, day, weekday } = dayAt(number);
      table[month]?.[weekday]?.push(day);
    }
  }
  return { common: inOrder(tables.common), leap: inOrder(tables.leap) };
}

const emptyTable = (): number[][][] => Array.from({ length: 13 }, () => Array.from({ length: 8 }, () => []));

const inOrder = (table: readonly (readonly (readonly number[])[])[]): DayTable =>
  table.map((weekdays) => weekdays.map((days) => [...days].sort((one, other) => one - other)));
