import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';

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

const YEARS_LOOKED_AHEAD = 10;
const DAY_MS = 86_400_000;

/** What clocks show and UTC are never further apart. */
const FURTHEST_OFFSET_MS = DAY_MS;

/**
 * When the rule comes from `after` to `before`, both included, in milliseconds since 1970. A local time that does not exist is
 * left out and not counted, as RFC 5545 (3.3.10) has it; of one that comes twice, the first counts (3.3.5).
 *
 * @throws Error when it is no rule
 */
export function occurrences(
  { start, repeat, zone }: Recurrence,
  { after, before }: { readonly after: number; readonly before: number },
): readonly Occurrence[] {
  const begin = Temporal.PlainDateTime.from(start);
  const { rule, count } = floating(begin, repeat);
  const existing = exists(zone, start.length === 'YYYY-MM-DD'.length);
  const wanted = ({ at }: Occurrence): boolean => at >= after && at <= before;
  const end = before + FURTHEST_OFFSET_MS;
  if (count === undefined) {
    return between(rule, { after: after - FURTHEST_OFFSET_MS, before: end })
      .flatMap(existing)
      .filter(wanted);
  }
  // What came before the stretch counts as well, so that it is walked through from the start.
  const found: Occurrence[] = [];
  for (let from = begin; found.length < count && floatingMs(from) <= end; from = from.add({ years: 10 })) {
    const until = Math.min(end, floatingMs(from.add({ years: 10 })) - 1);
    found.push(...between(rule, { after: floatingMs(from), before: until }).flatMap(existing));
  }
  return found.slice(0, count).filter(wanted);
}

/** Undefined when it does not come within ten years of its start. */
export function firstOccurrence({ start, repeat, zone }: Recurrence): number | undefined {
  const begin = Temporal.PlainDateTime.from(start).toZonedDateTime(zone);
  const years = Array.from({ length: YEARS_LOOKED_AHEAD }, (_, year) => begin.add({ years: year }).epochMilliseconds);
  for (const after of years) {
    const [first] = occurrences({ start, repeat, zone }, { after: after - DAY_MS, before: after + 366 * DAY_MS });
    if (first !== undefined) return first.at;
  }
  return undefined;
}

/**
 * The rule on clocks that are never changed, so that a start that clocks skip does not move all that follows. Without COUNT:
 * the library would walk from the start each time, and gives up after a while.
 */
function floating(begin: Temporal.PlainDateTime, repeat: string): { rule: RRuleTemporal; count: number | undefined } {
  const parts = repeat.split(';');
  const count = parts.find((part) => part.startsWith('COUNT='));
  const rule = new RRuleTemporal({
    dtstart: begin.toZonedDateTime('UTC'),
    rruleString: `RRULE:${parts.filter((part) => part !== count).join(';')}`,
    temporal: Temporal,
  });
  return { rule, count: count === undefined ? undefined : Number(count.slice('COUNT='.length)) };
}

function between(
  rule: RRuleTemporal,
  { after, before }: { readonly after: number; readonly before: number },
): readonly Temporal.PlainDateTime[] {
  return rule.between(new Date(after), new Date(before), true).map((moment) => moment.toPlainDateTime());
}

const floatingMs = (local: Temporal.PlainDateTime): number => local.toZonedDateTime('UTC').epochMilliseconds;

/** A day has a beginning in any case; a time of day may be missing from it. */
const exists =
  (zone: string, wholeDay: boolean) =>
  (local: Temporal.PlainDateTime): readonly Occurrence[] => {
    const zoned = wholeDay ? local.toPlainDate().toZonedDateTime(zone) : local.toZonedDateTime(zone);
    if (!wholeDay && !zoned.toPlainDateTime().equals(local)) return [];
    return [{ local, at: zoned.epochMilliseconds }];
  };
