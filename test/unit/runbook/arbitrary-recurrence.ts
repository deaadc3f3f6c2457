import * as fc from 'fast-check';
import { recurrenceProblem } from '../../../core/runbook/recurrence-parts';
import { calendarProblem } from '../../../core/runbook/schedule-calendars';

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

const list = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<string> =>
  fc.uniqueArray(item, { minLength: 1, maxLength: 4 }).map((items) => items.join());

const nth = fc.integer({ min: -5, max: 5 }).map((number) => (number === 0 ? '' : String(number)));
const weekday = fc.constantFrom(...WEEKDAYS);
const numbered = fc.tuple(nth, weekday).map(([number, day]) => `${number}${day}`);
const fromEitherEnd = (most: number): fc.Arbitrary<number> =>
  fc.integer({ min: -most, max: most }).filter((number) => number !== 0);

const part = (name: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant('') }, { weight: 1, arbitrary: value.map((one) => `;${name}=${one}`) });

/** Rules that a schedule can keep. */
export const arbitraryRepeat: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
    part('INTERVAL', fc.constantFrom('1', '2', '3', '4', '6', '12', '24', '36')),
    part('BYMONTH', list(fc.integer({ min: 1, max: 12 }))),
    part('BYMONTHDAY', list(fromEitherEnd(31))),
    part('BYYEARDAY', list(fromEitherEnd(366))),
    part('BYDAY', list(fc.oneof(weekday, numbered))),
    part('BYSETPOS', list(fromEitherEnd(5))),
    part('WKST', weekday),
  )
  .map(([frequency, ...parts]) => `FREQ=${frequency}${parts.join('')}`)
  .filter((rule) => recurrenceProblem(rule) === undefined && calendarProblem(rule) === undefined);

const two = (number: number): string => String(number).padStart(2, '0');

/** Often within the hours in which clocks change. */
export const arbitraryStart: fc.Arbitrary<string> = fc
  .record({
    day: fc.integer({ min: 0, max: 5 * 365 }),
    hour: fc.oneof(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 3 })),
    minute: fc.constantFrom(0, 15, 30, 59),
  })
  .map(({ day, hour, minute }) => {
    const date = new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);
    return `${date}T${two(hour)}:${two(minute)}`;
  });

export const arbitraryZone = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Africa/Cairo',
);
