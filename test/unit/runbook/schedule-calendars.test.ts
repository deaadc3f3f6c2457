import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import type { Calendar, NumberRange } from '../../../core/model/schedule';
import { nearClockChange } from '../../../core/runbook/near-clock-change';
import { rangesOf } from '../../../core/runbook/number-ranges';
import { occurrences } from '../../../core/runbook/recurrence';
import { calendarProblem, calendarsOf } from '../../../core/runbook/schedule-calendars';
import { arbitraryRepeat, arbitraryStart, arbitraryZone } from './arbitrary-recurrence';

const numbersIn = (ranges: readonly NumberRange[]): readonly number[] =>
  ranges.flatMap(({ start, end, step }) =>
    Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step),
  );

const has = (ranges: readonly NumberRange[], number: number): boolean =>
  ranges.some(({ start, end, step }) => number >= start && number <= end && (number - start) % step === 0);

const isOn = ({ daysOfMonth, months, daysOfWeek, years }: Calendar, day: Temporal.PlainDate): boolean =>
  has(daysOfMonth, day.day) &&
  has(months, day.month) &&
  has(daysOfWeek, day.dayOfWeek % 7) &&
  (years.length === 0 || has(years, day.year));

/** What Temporal documents: a second matches when its local date and time match literally, so none in a gap and two in a fold. */
function moments(calendars: readonly Calendar[], zone: string, { from, until }: { from: string; until: string }) {
  const found = new Set<number>();
  const end = Temporal.PlainDate.from(until);
  for (let day = Temporal.PlainDate.from(from); Temporal.PlainDate.compare(day, end) <= 0; day = day.add({ days: 1 })) {
    for (const calendar of calendars.filter((one) => isOn(one, day))) {
      const { hour, minute, second } = calendar;
      const local = day.toPlainDateTime({ hour, minute, second });
      for (const disambiguation of ['earlier', 'later'] as const) {
        const zoned = local.toZonedDateTime(zone, { disambiguation });
        if (zoned.toPlainDateTime().equals(local)) found.add(zoned.epochMilliseconds);
      }
    }
  }
  return [...found].sort((one, other) => one - other);
}

const iso = (list: readonly number[]): readonly string[] => list.map((at) => new Date(at).toISOString());

test('calendars have exactly the moments of the rule, over changes of clocks, leap days and ends of years', () => {
  let compared = 0;
  fc.assert(
    fc.property(arbitraryStart, arbitraryRepeat, arbitraryZone, fc.integer({ min: 0, max: 68 }), (...drawn) => {
      const [start, repeat, zone, later] = drawn;
      const rule = { start, repeat, zone };
      fc.pre(nearClockChange(rule) === undefined);
      const begin = Temporal.PlainDateTime.from(start).toZonedDateTime(zone).epochMilliseconds;
      const year = Number(start.slice(0, 4)) + later;
      const [from, until] = [`${year}-01-01`, `${year + 1}-03-31`];
      const range = { after: Math.max(begin, Date.parse(`${from}T12:00Z`)), before: Date.parse(until) };
      const expected = occurrences(rule, range).map(({ at }) => at);
      const inside = moments(calendarsOf(rule), zone, { from, until }).filter(
        (at) => at >= range.after && at <= range.before,
      );
      compared += expected.length;
      expect(iso(inside)).toEqual(iso(expected));
    }),
    { numRuns: 80 },
  );
  expect(compared).toBeGreaterThan(50);
});

const shown = (ranges: readonly NumberRange[]): string =>
  ranges.map(({ start, end, step }) => (start === end ? start : `${start}-${end}/${step}`)).join();

test.each([
  ['2027-01-05T10:00', 'FREQ=MONTHLY;BYMONTH=1,4,7,10;BYDAY=1TU', ['10:0 1-7/1 1-10/3 2 every']],
  ['2027-01-05T10:00', 'FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU', ['10:0 1-7/1 1-10/3 2 every']],
  ['2027-02-02T10:00', 'FREQ=MONTHLY;INTERVAL=6;BYDAY=1TU', ['10:0 1-7/1 2,8 2 every']],
  ['2027-01-05T22:30', 'FREQ=WEEKLY;BYDAY=TU,TH', ['22:30 1-31/1 1-12/1 2,4 every']],
  ['2027-01-05T10:00', 'FREQ=DAILY', ['10:0 1-31/1 1-12/1 0-6/1 every']],
  ['2027-01-31T10:00', 'FREQ=MONTHLY', ['10:0 31 1-7/2,8-12/2 0-6/1 every']],
  ['2028-02-29T10:00', 'FREQ=YEARLY', ['10:0 29 2 0-6/1 every']],
  ['2027-03-01T10:00', 'FREQ=MONTHLY;INTERVAL=24', ['10:0 1 3 0-6/1 2027-2099/2']],
  [
    '2097-01-29T10:00',
    'FREQ=MONTHLY;BYDAY=-1FR',
    ['10:0 25-31/1 1-7/2,8-12/2 5 every', '10:0 24-30/1 4,6,9,11 5 every', '10:0 22-28/1 2 5 2097-2100/1'],
  ],
])('from %s, %s', (start, repeat, expected) => {
  expect(
    calendarsOf({ start, repeat }).map(
      ({ hour, minute, daysOfMonth, months, daysOfWeek, years }) =>
        `${hour}:${minute} ${shown(daysOfMonth)} ${shown(months)} ${shown(daysOfWeek)} ${shown(years) || 'every'}`,
    ),
  ).toEqual(expected);
});

test.each([
  ['FREQ=MONTHLY;COUNT=4', 'nothing is counted'],
  ['FREQ=YEARLY;BYWEEKNO=53', 'the weeks of a year are not the same days'],
  ['FREQ=DAILY;INTERVAL=2', 'every 2 days is not'],
  ['FREQ=WEEKLY;INTERVAL=2;BYDAY=TU', 'every 2 weeks is not'],
  ['FREQ=MONTHLY;INTERVAL=5', 'every 5 months is not'],
  ['FREQ=MONTHLY;INTERVAL=18', 'every 18 months is not'],
])('%s has no calendars: %s', (repeat, because) => {
  expect(calendarProblem(repeat)).toContain(because);
});

test('ranges hold exactly the numbers that they are made of', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 60 })).map((list) => list.sort((one, other) => one - other));
  fc.assert(fc.property(numbers, (list) => expect(numbersIn(rangesOf(list))).toEqual(list)));
});

test.each([
  ['2027-01-05T02:30', 'FREQ=DAILY', 'Europe/Berlin', '2027-03-28T02:30'],
  ['2027-01-05T01:00', 'FREQ=DAILY', 'Europe/Berlin', '2027-03-28T01:00'],
  ['2027-01-05T04:00', 'FREQ=DAILY', 'Europe/Berlin', '2027-03-28T04:00'],
  ['2027-01-05T00:59', 'FREQ=DAILY', 'Europe/Berlin', undefined],
  ['2027-01-05T04:01', 'FREQ=DAILY', 'Europe/Berlin', undefined],
  ['2027-04-05T02:00', 'FREQ=MONTHLY;BYDAY=-1SU', 'Europe/Berlin', '2027-10-31T02:00'],
  ['2027-01-05T02:30', 'FREQ=WEEKLY;BYDAY=TU', 'Europe/Berlin', undefined],
  ['2027-11-01T02:30', 'FREQ=YEARLY', 'Europe/Berlin', undefined],
  ['2027-10-31T02:30', 'FREQ=YEARLY', 'Europe/Berlin', '2027-10-31T02:30'],
  ['2027-01-02T01:30', 'FREQ=MONTHLY;BYMONTH=11', 'America/New_York', '2031-11-02T01:30'],
  ['2027-05-05T01:00', 'FREQ=DAILY', 'Australia/Lord_Howe', '2027-10-03T01:00'],
  ['2027-01-05T23:30', 'FREQ=WEEKLY;BYDAY=SA', 'America/Santiago', '2027-04-03T23:30'],
  ['2027-04-05T10:00', 'FREQ=WEEKLY;BYDAY=SU', 'America/Santiago', '2027-09-05T10:00'],
  ['2027-04-05T10:00', 'FREQ=WEEKLY;BYDAY=SA', 'America/Santiago', '2027-09-04T10:00'],
  ['2027-04-05T10:00', 'FREQ=WEEKLY;BYDAY=MO', 'America/Santiago', undefined],
  ['2027-01-05T02:30', 'FREQ=DAILY', 'UTC', undefined],
])('from %s, %s, the first time in %s that is near a change of clocks: %s', (start, repeat, zone, near) => {
  expect(nearClockChange({ start, repeat, zone })).toBe(near);
});
