const DAY_MS = 86_400_000;

/** A day of the calendar, and where it stands in its month, year and week. */
export interface Day {
  /** Days since 1970-01-01. */
  readonly number: number;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly dayOfYear: number;
  readonly daysInMonth: number;
  readonly daysInYear: number;
  /** Monday is 1. */
  readonly weekday: number;
}

export function dayAt(number: number): Day {
  const date = new Date(number * DAY_MS);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  const begin = dayNumber(year, 1, 1);
  return {
    number,
    year,
    month,
    day: date.getUTCDate(),
    dayOfYear: number - begin + 1,
    daysInMonth: dayNumber(year, month + 1, 1) - dayNumber(year, month, 1),
    daysInYear: dayNumber(year + 1, 1, 1) - begin,
    weekday: ((number + 3 + 7 * 1_000_000) % 7) + 1,
  };
}

/** Days since 1970-01-01; a month of 13 is January of the next year. */
export function dayNumber(year: number, month: number, day: number): number {
  const date = new Date(0);
  // Date.UTC takes the years 0 to 99 for those of the 20th century.
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() / DAY_MS;
}
