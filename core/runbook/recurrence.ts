import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';

/** A rule of RFC 5545 with its first moment, in a time zone. */
export interface Recurrence {
  /** Local date and time, "2026-12-05T22:00". */
  readonly start: string;
  readonly repeat: string;
  readonly zone: string;
}

const YEARS_LOOKED_AHEAD = 10;

/**
 * The moments of the rule from `after` to `before`, both included, in milliseconds since 1970. A local time that does not exist is
 * left out, as RFC 5545 (3.3.10) has it; of one that comes twice, the first counts.
 *
 * @throws Error when it is no rule
 */
export function occurrences(
  { start, repeat, zone }: Recurrence,
  { after, before }: { readonly after: number; readonly before: number },
): readonly number[] {
  const dtstart = Temporal.PlainDateTime.from(start).toZonedDateTime(zone);
  const rule = new RRuleTemporal({ dtstart, rruleString: `RRULE:${repeat}`, temporal: Temporal });
  return rule.between(new Date(after), new Date(before), true).map(({ epochMilliseconds }) => epochMilliseconds);
}

/** Undefined when it does not come within ten years of its start. */
export function firstOccurrence({ start, repeat, zone }: Recurrence): number | undefined {
  const begin = Temporal.PlainDateTime.from(start).toZonedDateTime(zone);
  const years = Array.from({ length: YEARS_LOOKED_AHEAD }, (_, year) => begin.add({ years: year }).epochMilliseconds);
  for (const after of years) {
    const [first] = occurrences({ start, repeat, zone }, { after, before: after + 366 * 86_400_000 });
    if (first !== undefined) return first;
  }
  return undefined;
}
