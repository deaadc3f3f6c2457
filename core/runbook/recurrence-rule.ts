import { dayAt, dayNumber, type Day } from './recurrence-day';

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** The days of a rule that begins on one: the table of RFC 5545 (3.3.10), read as conditions on a day. */
export class RecurrenceRule {
  readonly count: number | undefined;
  private readonly parts: ReadonlyMap<string, string>;
  private readonly frequency: string;
  private readonly interval: number;
  private readonly weekStart: number;
  private readonly by: Readonly<Record<'month' | 'monthDay' | 'yearDay' | 'week' | 'position', Numbers>>;
  private readonly byDay: readonly NumberedDay[] | undefined;
  private readonly start: Day;
  /** Of the period that was looked at last: the days that BYSETPOS picks. */
  private picked: { readonly begin: number; readonly days: ReadonlySet<number> } | undefined;

  /** `repeat` must be one that recurrence-parts.ts has found nothing wrong with; `start` is a day number. */
  constructor(repeat: string, start: number) {
    this.parts = new Map(repeat.split(';').map((part) => part.split('=') as [string, string]));
    this.frequency = this.parts.get('FREQ') ?? '';
    this.interval = Number(this.parts.get('INTERVAL') ?? 1);
    this.count = this.parts.has('COUNT') ? Number(this.parts.get('COUNT')) : undefined;
    this.weekStart = weekdays.indexOf(this.parts.get('WKST') ?? 'MO') + 1;
    this.by = {
      month: this.numbers('BYMONTH'),
      monthDay: this.numbers('BYMONTHDAY'),
      yearDay: this.numbers('BYYEARDAY'),
      week: this.numbers('BYWEEKNO'),
      position: this.numbers('BYSETPOS'),
    };
    this.byDay = this.parts.get('BYDAY')?.split(',').map(numberedDay);
    this.start = dayAt(start);
  }

  /** Day numbers from `first` to `last`, both included. */
  *days(first: number, last: number): Iterable<number> {
    for (let number = Math.max(first, this.start.number); number <= last; number += 1) {
      if (this.comesOn(dayAt(number))) yield number;
    }
  }

  private comesOn(day: Day): boolean {
    if (!this.inInterval(day) || !this.matches(day)) return false;
    return this.by.position === undefined || this.picks(day, this.by.position);
  }

  private inInterval(day: Day): boolean {
    if (this.interval === 1) return true;
    const { start } = this;
    const apart = {
      DAILY: () => day.number - start.number,
      WEEKLY: () => (this.beginOfWeek(day) - this.beginOfWeek(start)) / 7,
      MONTHLY: () => (day.year - start.year) * 12 + day.month - start.month,
      YEARLY: () => day.year - start.year,
    }[this.frequency];
    return (apart?.() ?? 0) % this.interval === 0;
  }

  private matches(day: Day): boolean {
    const { month, monthDay, yearDay, week } = this.by;
    return (
      (month === undefined || month.includes(day.month)) &&
      (monthDay === undefined || isNth(monthDay, day.day, day.daysInMonth)) &&
      (yearDay === undefined || isNth(yearDay, day.dayOfYear, day.daysInYear)) &&
      (this.byDay === undefined ? this.asTheStart(day) : this.onWeekday(day, this.byDay)) &&
      (week === undefined || this.inWeek(day, week))
    );
  }

  /** What the rule leaves open is taken from the start. */
  private asTheStart(day: Day): boolean {
    const { by, start } = this;
    switch (this.frequency) {
      case 'WEEKLY':
        return day.weekday === start.weekday;
      case 'MONTHLY':
        return by.monthDay !== undefined || day.day === start.day;
      case 'YEARLY':
        if (by.monthDay !== undefined || by.yearDay !== undefined) return true;
        if (by.week !== undefined) return day.weekday === start.weekday;
        return day.day === start.day && (by.month !== undefined || day.month === start.month);
      default:
        return true;
    }
  }

  /** Its number counts within the month where the rule speaks of months, else within the year. */
  private onWeekday(day: Day, wanted: readonly NumberedDay[]): boolean {
    const inMonth = this.frequency === 'MONTHLY' || this.by.month !== undefined;
    const [position, length] = inMonth ? [day.day, day.daysInMonth] : [day.dayOfYear, day.daysInYear];
    const fromBegin = Math.ceil(position / 7);
    const fromEnd = -Math.ceil((length - position + 1) / 7);
    return wanted.some(({ weekday, nth }) => weekday === day.weekday && [0, fromBegin, fromEnd].includes(nth));
  }

  private inWeek(day: Day, wanted: readonly number[]): boolean {
    const year = [day.year + 1, day.year].find((one) => this.beginOfWeeks(one) <= day.number) ?? day.year - 1;
    const begin = this.beginOfWeeks(year);
    return isNth(wanted, Math.floor((day.number - begin) / 7) + 1, (this.beginOfWeeks(year + 1) - begin) / 7);
  }

  /** The first week of a year is the first one that has at least four days in it, and so January 4th. */
  private beginOfWeeks(year: number): number {
    return this.beginOfWeek(dayAt(dayNumber(year, 1, 4)));
  }

  private beginOfWeek({ number, weekday }: Day): number {
    return number - ((weekday - this.weekStart + 7) % 7);
  }

  private picks(day: Day, positions: readonly number[]): boolean {
    const [begin, length] = this.periodOf(day);
    if (this.picked?.begin !== begin) {
      const all = Array.from({ length }, (_, index) => dayAt(begin + index)).filter((one) => this.matches(one));
      const days = positions.flatMap((position) => all.at(position > 0 ? position - 1 : position)?.number ?? []);
      this.picked = { begin, days: new Set(days) };
    }
    return this.picked.days.has(day.number);
  }

  private periodOf(day: Day): readonly [begin: number, length: number] {
    switch (this.frequency) {
      case 'YEARLY':
        return [day.number - day.dayOfYear + 1, day.daysInYear];
      case 'MONTHLY':
        return [day.number - day.day + 1, day.daysInMonth];
      case 'WEEKLY':
        return [this.beginOfWeek(day), 7];
      default:
        return [day.number, 1];
    }
  }

  private numbers(name: string): Numbers {
    return this.parts.get(name)?.split(',').map(Number);
  }
}

type Numbers = readonly number[] | undefined;

interface NumberedDay {
  readonly weekday: number;
  /** Negative from the end; 0 is every one. */
  readonly nth: number;
}

const numberedDay = (text: string): NumberedDay => ({
  weekday: weekdays.indexOf(text.slice(-2)) + 1,
  nth: Number(text.slice(0, -2)),
});

const isNth = (wanted: readonly number[], position: number, length: number): boolean =>
  wanted.some((number) => number === position || number === position - length - 1);
