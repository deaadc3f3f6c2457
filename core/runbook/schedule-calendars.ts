import type { Calendar } from '../model/schedule';
import { dayTables, type DayTable } from './day-tables';
import { rangesOf } from './number-ranges';
import { dayNumber } from './recurrence-day';
import { RecurrenceRule } from './recurrence-rule';

/** The last year of Temporal's calendars. */
const LAST_YEAR = 2100;

interface Beginning {
  /** Local date and time. */
  readonly start: string;
  /** A rule that recurrence-parts.ts has found nothing wrong with. */
  readonly repeat: string;
}

/** Why no calendars have exactly the moments of the rule; undefined when some have. */
export function calendarProblem(repeat: string): string | undefined {
  const { parts, frequency, interval } = read(repeat);
  if (parts.has('COUNT')) return 'nothing is counted; leave COUNT out, and take the schedule out when it is over';
  if (parts.has('BYWEEKNO')) return 'the weeks of a year are not the same days each year; name days of a month instead';
  if (interval > 1 && (frequency === 'DAILY' || frequency === 'WEEKLY')) {
    const unit = frequency === 'DAILY' ? 'days' : 'weeks';
    return `every ${interval} ${unit} is not the same days each year; name days of a month, such as "FREQ=MONTHLY;BYDAY=1TU,3TU"`;
  }
  if (frequency === 'MONTHLY' && interval % 12 !== 0 && 12 % interval !== 0) {
    return `every ${interval} months is not the same months each year; name them, such as "FREQ=MONTHLY;BYMONTH=1,6;BYDAY=1TU"`;
  }
  return undefined;
}

/**
 * The calendars that together have exactly the moments of a rule that `calendarProblem` says nothing of, from its start to the
 * year 2100. A rule that comes where clocks change is refused by a diagnostic.
 */
export function calendarsOf({ start, repeat }: Beginning): readonly Calendar[] {
  const [year = 0, month = 0, day = 0] = start.slice(0, 10).split('-').map(Number);
  const { sameEachYear, yearStep } = read(repeat);
  const { common, leap } = dayTables(new RecurrenceRule(sameEachYear, dayNumber(year, month, day)), year + 1);
  // Nothing but February 29th may differ: other years have no such day.
  const alike = leap.map((weekdays, one) => same(common[one], one === 2 ? withoutLeapDay(weekdays) : weekdays));
  const years = yearsFrom(year, yearStep);
  return [
    ...calendarsIn(only(leap, alike), start, yearStep === 1 ? 'all' : years),
    ...calendarsIn(only(common, alike.map(not)), start, years.filter(isCommon)),
    ...calendarsIn(
      only(leap, alike.map(not)),
      start,
      years.filter((one) => !isCommon(one)),
    ),
  ];
}

/** The parts of a rule; what its interval leaves out within a year, and which years. */
function read(repeat: string) {
  const parts = new Map(repeat.split(';').map((part) => part.split('=') as [string, string]));
  const [frequency, interval] = [parts.get('FREQ'), Number(parts.get('INTERVAL') ?? 1)];
  const monthly = frequency === 'MONTHLY';
  const yearStep = frequency === 'YEARLY' ? interval : monthly && interval > 12 ? interval / 12 : 1;
  const withinYear = monthly ? Math.min(interval, 12) : 1;
  const each = new Map(parts).set('INTERVAL', String(withinYear));
  const sameEachYear = [...each].map(([name, value]) => `${name}=${value}`).join(';');
  return { parts, frequency, interval, yearStep, sameEachYear };
}

const yearsFrom = (first: number, step: number): readonly number[] =>
  Array.from({ length: Math.max(0, Math.floor((LAST_YEAR - first) / step) + 1) }, (_, index) => first + index * step);

const isCommon = (year: number): boolean => dayNumber(year, 3, 1) - dayNumber(year, 2, 1) === 28;
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
const not = (wanted: boolean): boolean => !wanted;
const only = (table: DayTable, wanted: readonly boolean[]): DayTable =>
  table.map((weekdays, month) => (wanted[month] ? weekdays : []));
const withoutLeapDay = (weekdays: DayTable[number]): DayTable[number] =>
  weekdays.map((days) => days.filter((day) => day < 29));

/** Months with the same days on a weekday. */
interface Row {
  readonly months: readonly number[];
  readonly days: readonly number[];
}

function calendarsIn(table: DayTable, start: string, years: 'all' | readonly number[]): readonly Calendar[] {
  if (years.length === 0) return [];
  const rows = new Map<string, Row & { readonly weekdays: number[] }>();
  // As Temporal counts them, Sunday first.
  for (const weekday of [7, 1, 2, 3, 4, 5, 6]) {
    for (const { months, days } of monthsAlike(table, weekday)) {
      const key = JSON.stringify([months, days]);
      const row = rows.get(key) ?? { months, days, weekdays: [] };
      rows.set(key, row);
      row.weekdays.push(weekday % 7);
    }
  }
  const [hour = 0, minute = 0, second = 0] = start.slice(11).split(':').map(Number);
  return [...rows.values()].map(({ months, days, weekdays }) => ({
    second,
    minute,
    hour,
    daysOfMonth: rangesOf(days),
    months: rangesOf(months),
    daysOfWeek: rangesOf(weekdays),
    years: years === 'all' ? [] : rangesOf(years),
  }));
}

const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const longest = (month: number): number => LONGEST[month - 1] ?? 31;
const LONGEST_FIRST = LONGEST.map((_, index) => index + 1).sort((one, other) => longest(other) - longest(one));

/** A month goes with a longer one from which it differs only in days that it does not have. */
function monthsAlike(table: DayTable, weekday: number): readonly Row[] {
  const alike: { readonly months: number[]; readonly days: readonly number[] }[] = [];
  for (const month of LONGEST_FIRST) {
    const days = table[month]?.[weekday] ?? [];
    if (days.length === 0) continue;
    const row = alike.find((one) =>
      same(
        one.days.filter((day) => day <= longest(month)),
        days,
      ),
    );
    if (row === undefined) alike.push({ months: [month], days });
    else row.months.push(month);
  }
  return alike.map(({ months, days }) => ({ months: months.sort((one, other) => one - other), days }));
}
