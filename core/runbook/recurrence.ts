import { Temporal } from 'temporal-polyfill';
import { dayNumber } from './recurrence-day';
import { RecurrenceRule } from './recurrence-rule';
import { untilIn, type Until } from './recurrence-until';

/** A rule of RFC 5545 with its first moment, in a time zone. */
export interface Recurrence {
  /** Local date and time, "2026-12-05T22:00"; a date alone begins with the day, also where clocks skip midnight. */
  readonly start: string;
  /** One that recurrence-parts.ts has found nothing wrong with. */
  readonly repeat: string;
  readonly zone: string;
}

/** Once that a rule comes. */
export interface Occurrence {
  readonly local: Temporal.PlainDateTime;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const DAY_MS = 86_400_000;
const DAYS_LOOKED_AHEAD = 3660;

/**
 * When the rule comes from `after` to `before`, both included, in milliseconds since 1970. A local time that does not exist is
 * left out and not counted, as RFC 5545 (3.3.10) has it; of one that comes twice, the first counts (3.3.5).
 */
export function occurrences(
  recurrence: Recurrence,
  { after, before }: { readonly after: number; readonly before: number },
): readonly Occurrence[] {
  // What clocks show and UTC are never a day apart.
  const days = { first: Math.floor(after / DAY_MS) - 1, last: Math.floor(before / DAY_MS) + 1 };
  return [...expand(recurrence, days)].filter(({ at }) => at >= after && at <= before);
}

/** Undefined when it does not come within ten years of its start. */
export function firstOccurrence(recurrence: Recurrence): number | undefined {
  const first = numberOf(Temporal.PlainDate.from(recurrence.start));
  for (const { at } of expand(recurrence, { first, last: first + DAYS_LOOKED_AHEAD })) return at;
  return undefined;
}

function* expand(
  { start, repeat, zone }: Recurrence,
  { first, last }: { readonly first: number; readonly last: number },
): Iterable<Occurrence> {
  const begin = Temporal.PlainDateTime.from(start);
  const begun = numberOf(begin.toPlainDate());
  const wholeDay = start.length === 'YYYY-MM-DD'.length;
  const rule = new RecurrenceRule(repeat, begun);
  const { count = Infinity } = rule;
  const until = untilIn(repeat);
  let counted = 0;
  // Those that COUNT counts are counted from the start.
  for (const number of rule.days(count === Infinity ? first : begun, Math.min(last, lastDay(until)))) {
    const local = begin.add({ days: number - begun });
    const zoned = wholeDay ? local.toPlainDate().toZonedDateTime(zone) : local.toZonedDateTime(zone);
    if (!wholeDay && !zoned.toPlainDateTime().equals(local)) continue;
    counted += 1;
    if (counted > count) return;
    if (until?.kind === 'utc' && zoned.epochMilliseconds > until.at) return;
    if (number >= first) yield { local, at: zoned.epochMilliseconds };
  }
}

/** The end of a rule is included. What clocks show and UTC are never a day apart; the moment itself is looked at as well. */
function lastDay(until: Until | undefined): number {
  if (until === undefined || until.kind === 'local') return Infinity;
  return until.kind === 'date' ? until.day : Math.floor(until.at / DAY_MS) + 1;
}

const numberOf = ({ year, month, day }: Temporal.PlainDate): number => dayNumber(year, month, day);
