import { dayAt, dayNumber } from './recurrence-day';

/**
 * The end of a rule, itself included. RFC 5545 (3.3.10) has three forms: a date for a start that is a date, UTC for a start
 * with a time zone, and local time for one without. Starts here always have the zone of their window, so that local time fits none.
 */
export type Until =
  | { readonly kind: 'date'; readonly day: number }
  /** Milliseconds since 1970. */
  | { readonly kind: 'utc'; readonly at: number }
  | { readonly kind: 'local' };

const FORM = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?$/;

/** What the value of UNTIL says; undefined when it is no date, and no date with a time of day. */
export function untilOf(value: string): Until | undefined {
  const found = FORM.exec(value);
  if (found === null) return undefined;
  const [year = 0, month = 0, date = 0] = found.slice(1, 4).map(Number);
  const day = dayNumber(year, month, date);
  const { month: kept, day: keptDate } = dayAt(day);
  if (kept !== month || keptDate !== date) return undefined;
  if (found[4] === undefined) return { kind: 'date', day };
  const [hour = 0, minute = 0, second = 0] = found.slice(4, 7).map(Number);
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  if (found[7] === undefined) return { kind: 'local' };
  // A leap second counts as the one before it (3.3.12).
  return { kind: 'utc', at: ((day * 24 + hour) * 60 + minute) * 60_000 + Math.min(second, 59) * 1000 };
}

/** The UNTIL of a rule that recurrence-parts.ts has found nothing wrong with. */
export const untilIn = (repeat: string): Until | undefined => untilOf(/(?:^|;)UNTIL=([^;]*)/.exec(repeat)?.[1] ?? '');

/** Whether the end of a rule has the form that its start asks for: what is wrong with it, or undefined. */
export function untilProblem({
  repeat,
  start,
}: {
  readonly repeat: string;
  readonly start: string;
}): string | undefined {
  const until = untilIn(repeat);
  if (until === undefined) return undefined;
  if (!start.includes('T')) {
    if (until.kind === 'date') return undefined;
    return 'its UNTIL must be a date such as "20271231", since it begins with a date';
  }
  if (until.kind === 'utc') return undefined;
  return 'its UNTIL must be a time in UTC such as "20271231T220000Z", since it begins at a time of day in a time zone';
}
