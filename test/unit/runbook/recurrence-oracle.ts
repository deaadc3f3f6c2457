import { Temporal } from 'temporal-polyfill';

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

type Parts = ReadonlyMap<string, string>;

/** Whether a rule that begins on `start` comes on that day: the table of RFC 5545 (3.3.10), read as conditions on a day. */
export function comesOn(repeat: string, start: Temporal.PlainDate, day: Temporal.PlainDate): boolean {
  const parts = new Map(repeat.split(';').map((part) => part.split('=') as [string, string]));
  if (Temporal.PlainDate.compare(day, start) < 0 || !inInterval(parts, start, day) || !matches(parts, start, day)) {
    return false;
  }
  const positions = numbers(parts, 'BYSETPOS');
  if (positions === undefined) return true;
  const set = periodOf(parts, day).filter((one) => matches(parts, start, one));
  return positions.some((position) => set.at(position > 0 ? position - 1 : position)?.equals(day) ?? false);
}

const numbers = (parts: Parts, name: string): readonly number[] | undefined => parts.get(name)?.split(',').map(Number);

const weekStart = (parts: Parts): number => weekdays.indexOf(parts.get('WKST') ?? 'MO') + 1;

function startOfWeek(parts: Parts, day: Temporal.PlainDate): Temporal.PlainDate {
  return day.subtract({ days: (day.dayOfWeek - weekStart(parts) + 7) % 7 });
}

function inInterval(parts: Parts, start: Temporal.PlainDate, day: Temporal.PlainDate): boolean {
  const interval = Number(parts.get('INTERVAL') ?? 1);
  const apart = {
    DAILY: () => start.until(day).days,
    WEEKLY: () => startOfWeek(parts, start).until(startOfWeek(parts, day)).days / 7,
    MONTHLY: () => (day.year - start.year) * 12 + day.month - start.month,
    YEARLY: () => yearOf(parts, day) - yearOf(parts, start),
  }[parts.get('FREQ') ?? ''];
  return (apart?.() ?? 1) % interval === 0;
}

/** With BYWEEKNO a day at the turn of the year may belong to a week of the other one. */
const yearOf = (_parts: Parts, day: Temporal.PlainDate): number => day.year;

function periodOf(parts: Parts, day: Temporal.PlainDate): readonly Temporal.PlainDate[] {
  const { FREQ: frequency = '' } = Object.fromEntries(parts);
  const [first, length] =
    frequency === 'YEARLY'
      ? [day.with({ month: 1, day: 1 }), day.daysInYear]
      : frequency === 'MONTHLY'
        ? [day.with({ day: 1 }), day.daysInMonth]
        : frequency === 'WEEKLY'
          ? [startOfWeek(parts, day), 7]
          : [day, 1];
  return Array.from({ length }, (_, index) => first.add({ days: index }));
}

function matches(parts: Parts, start: Temporal.PlainDate, day: Temporal.PlainDate): boolean {
  const fromEnd = (wanted: readonly number[], position: number, length: number): boolean =>
    wanted.some((number) => number === position || number === position - length - 1);
  const month = numbers(parts, 'BYMONTH');
  const monthDay = numbers(parts, 'BYMONTHDAY');
  const yearDay = numbers(parts, 'BYYEARDAY');
  const weekNumber = numbers(parts, 'BYWEEKNO');
  return (
    (month === undefined || month.includes(day.month)) &&
    (monthDay === undefined || fromEnd(monthDay, day.day, day.daysInMonth)) &&
    (yearDay === undefined || fromEnd(yearDay, day.dayOfYear, day.daysInYear)) &&
    (weekNumber === undefined || inWeek(parts, weekNumber, day)) &&
    (parts.has('BYDAY') ? onWeekday(parts, day) : asTheStart(parts, start, day))
  );
}

/** What the rule leaves open is taken from the start. */
function asTheStart(parts: Parts, start: Temporal.PlainDate, day: Temporal.PlainDate): boolean {
  const has = (...names: string[]): boolean => names.some((name) => parts.has(name));
  switch (parts.get('FREQ')) {
    case 'WEEKLY':
      return day.dayOfWeek === start.dayOfWeek;
    case 'MONTHLY':
      return has('BYMONTHDAY') || day.day === start.day;
    case 'YEARLY':
      if (has('BYMONTHDAY', 'BYYEARDAY')) return true;
      if (has('BYWEEKNO')) return day.dayOfWeek === start.dayOfWeek;
      return day.day === start.day && (has('BYMONTH') || day.month === start.month);
    default:
      return true;
  }
}

function onWeekday(parts: Parts, day: Temporal.PlainDate): boolean {
  const inMonth = parts.get('FREQ') === 'MONTHLY' || parts.has('BYMONTH');
  const [position, length] = inMonth ? [day.day, day.daysInMonth] : [day.dayOfYear, day.daysInYear];
  return (parts.get('BYDAY') ?? '').split(',').some((text) => {
    if (weekdays[day.dayOfWeek - 1] !== text.slice(-2)) return false;
    const nth = Number(text.slice(0, -2));
    if (nth === 0) return true;
    return nth > 0 ? Math.ceil(position / 7) === nth : Math.ceil((length - position + 1) / 7) === -nth;
  });
}

/** The first week of a year is the first one that has at least four days in it. */
function inWeek(parts: Parts, wanted: readonly number[], day: Temporal.PlainDate): boolean {
  const firstOf = (year: number): Temporal.PlainDate =>
    startOfWeek(parts, Temporal.PlainDate.from({ year, month: 1, day: 4 }));
  const year =
    [day.year + 1, day.year].find((one) => Temporal.PlainDate.compare(firstOf(one), day) <= 0) ?? day.year - 1;
  const weeks = firstOf(year).until(firstOf(year + 1)).days / 7;
  const week = Math.floor(firstOf(year).until(day).days / 7) + 1;
  return wanted.some((number) => number === week || number === week - weeks - 1);
}
