import { Temporal } from 'temporal-polyfill';
import { SwitchbackFailure } from '../model/failure';
import type { CompliancePeriod } from './compliance-report';

/** What a person asked for: a quarter, or from when to when. */
export interface AskedPeriod {
  readonly quarter?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly timeZone: string;
}

const MONTHS = 3;

/**
 * The period in instants. Days and quarters are those of the time zone; a day as `to` is included as a whole.
 *
 * @param asOf now, an ISO instant.
 * @throws SwitchbackFailure `InvalidInput`
 */
export function periodOf(asked: AskedPeriod, asOf: string): CompliancePeriod {
  const { timeZone } = asked;
  assertTimeZone(timeZone);
  const { name, from, to } = asked.quarter === undefined ? between(asked) : quarterOf(asked.quarter, asked);
  if (from.epochMilliseconds >= to.epochMilliseconds)
    refuse(`the period ends before it begins: ${iso(from)} to ${iso(to)}`);
  if (from.epochMilliseconds >= Date.parse(asOf)) refuse(`${name} has not begun yet: there is no evidence of it`);
  return { name, from: iso(from), to: iso(to), timeZone, asOf };
}

/** The end of what can be known: that of the period, or now. */
export const endOf = ({ to, asOf }: CompliancePeriod): string => (Date.parse(asOf) < Date.parse(to) ? asOf : to);

export const goesOn = ({ to, asOf }: CompliancePeriod): boolean => Date.parse(asOf) < Date.parse(to);

interface Span {
  readonly name: string;
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
}

function quarterOf(text: string, { timeZone, from, to }: AskedPeriod): Span {
  if (from !== undefined || to !== undefined) refuse('give --quarter, or --from and --to, not both');
  const [, year, quarter] = /^(\d{4})-?Q([1-4])$/i.exec(text) ?? [];
  if (year === undefined || quarter === undefined)
    refuse(`"${text}" is not a quarter; write a year and Q1 to Q4, for example 2026Q4`);
  const begin = Temporal.PlainDate.from({ year: Number(year), month: (Number(quarter) - 1) * MONTHS + 1, day: 1 });
  const end = begin.add({ months: MONTHS });
  return { name: `${year}Q${quarter}`, from: startOf(begin, timeZone), to: startOf(end, timeZone) };
}

function between({ from, to, timeZone }: AskedPeriod): Span {
  if (from === undefined || to === undefined)
    refuse('say of which time: --quarter 2026Q4, or --from 2026-10-01 --to 2026-12-31');
  const [begin, end] = [readDate(from, '--from'), readDate(to, '--to')];
  return {
    name: `${from} to ${to}`,
    from: begin instanceof Temporal.Instant ? begin : startOf(begin, timeZone),
    to: end instanceof Temporal.Instant ? end : startOf(end.add({ days: 1 }), timeZone),
  };
}

function readDate(text: string, option: string): Temporal.Instant | Temporal.PlainDate {
  try {
    return /^\d{4}-\d{2}-\d{2}$/.test(text) ? Temporal.PlainDate.from(text) : Temporal.Instant.from(text);
  } catch {
    return refuse(
      `${option} "${text}" is neither a day such as 2026-10-01 nor an instant such as 2026-10-01T08:00:00Z`,
    );
  }
}

/** A day begins where its clocks say so: at 01:00 where midnight is skipped. */
const startOf = (day: Temporal.PlainDate, timeZone: string): Temporal.Instant =>
  day.toZonedDateTime(timeZone).toInstant();

const iso = (instant: Temporal.Instant): string => new Date(instant.epochMilliseconds).toISOString();

function assertTimeZone(timeZone: string): void {
  try {
    Temporal.PlainDate.from('2026-01-01').toZonedDateTime(timeZone);
  } catch {
    refuse(`"${timeZone}" is not a time zone such as "Europe/Berlin" or "UTC"`);
  }
}

function refuse(because: string): never {
  throw new SwitchbackFailure('InvalidInput', because);
}
