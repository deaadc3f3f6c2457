import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { firstOccurrence, occurrences } from '../../../core/runbook/recurrence';
import { recurrenceProblem } from '../../../core/runbook/recurrence-parts';
import { comesOn } from './recurrence-oracle';

const ms = (text: string): number => Date.parse(text);

const shown = (rule: { start: string; repeat: string; zone: string }, after: string, before: string): string[] =>
  occurrences(rule, { after: ms(after), before: ms(before) }).map(({ at }) => new Date(at).toISOString());

const berlin = 'Europe/Berlin';

describe('when clocks are changed', () => {
  test('a start that is skipped does not move the time of day of what follows', () => {
    const rule = { start: '2027-03-28T02:30', repeat: 'FREQ=DAILY', zone: berlin };
    expect(shown(rule, '2027-03-27T00:00:00Z', '2027-03-30T12:00:00Z')).toEqual([
      '2027-03-29T00:30:00.000Z',
      '2027-03-30T00:30:00.000Z',
    ]);
  });

  test('a time that is skipped is not counted', () => {
    const rule = { start: '2027-03-27T02:30', repeat: 'FREQ=DAILY;COUNT=2', zone: berlin };
    expect(shown(rule, '2027-03-01T00:00:00Z', '2027-05-01T00:00:00Z')).toEqual([
      '2027-03-27T01:30:00.000Z',
      '2027-03-29T00:30:00.000Z',
    ]);
  });

  test('of a time that comes twice the first counts', () => {
    const rule = { start: '2026-10-24T02:30', repeat: 'FREQ=DAILY;COUNT=2', zone: berlin };
    expect(shown(rule, '2026-10-01T00:00:00Z', '2026-12-01T00:00:00Z')).toEqual([
      '2026-10-24T00:30:00.000Z',
      '2026-10-25T00:30:00.000Z',
    ]);
  });

  test('a day begins also where clocks skip its midnight', () => {
    const rule = { start: '2024-04-25', repeat: 'FREQ=DAILY;COUNT=3', zone: 'Africa/Cairo' };
    expect(shown(rule, '2024-04-01T00:00:00Z', '2024-06-01T00:00:00Z')).toEqual([
      '2024-04-24T22:00:00.000Z',
      '2024-04-25T22:00:00.000Z',
      '2024-04-26T21:00:00.000Z',
    ]);
  });

  test('a rule that comes only when its time is skipped never comes', () => {
    const repeat = 'FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU';
    expect(firstOccurrence({ start: '2026-01-01T02:30', repeat, zone: berlin })).toBeUndefined();
    expect(firstOccurrence({ start: '2026-01-01T02:30', repeat, zone: 'UTC' })).toBe(ms('2026-03-29T02:30:00Z'));
  });
});

test('a rule with COUNT that began long ago is expanded in time, and ends where it ends', () => {
  const begun = performance.now();
  const sparse = { start: '1804-02-29T10:00', repeat: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=55', zone: 'UTC' };
  const all = { after: ms('1800-01-01T00:00:00Z'), before: ms('2100-01-01T00:00:00Z') };
  expect(occurrences(sparse, all).at(-1)?.local.toString()).toBe('2024-02-29T10:00:00');
  expect(shown(sparse, '2026-01-01T00:00:00Z', '2100-01-01T00:00:00Z')).toEqual([]);
  const dense = { start: '1971-01-01T10:00', repeat: 'FREQ=DAILY;BYMONTHDAY=29;BYMONTH=2;COUNT=1000', zone: berlin };
  expect(shown(dense, '2028-01-01T00:00:00Z', '2028-12-31T00:00:00Z')).toEqual(['2028-02-29T09:00:00.000Z']);
  expect(performance.now() - begun).toBeLessThan(5000);
});

const some = <Value>(values: fc.Arbitrary<Value>, most: number): fc.Arbitrary<Value[]> =>
  fc.uniqueArray(values, { minLength: 1, maxLength: most });
const signed = (most: number): fc.Arbitrary<number> =>
  fc.integer({ min: -most, max: most }).filter((number) => number !== 0);
const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const numberedDay = (most: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.oneof(fc.constant(''), signed(most).map(String)), fc.constantFrom(...days))
    .map(([nth, day]) => `${nth}${day}`);
const rule = fc
  .record({
    frequency: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
    interval: fc.integer({ min: 1, max: 3 }),
    month: fc.option(some(fc.integer({ min: 1, max: 12 }), 3)),
    monthDay: fc.option(some(signed(31), 3)),
    yearDay: fc.option(some(signed(366), 3)),
    weekNumber: fc.option(some(signed(53), 2)),
    day: fc.option(some(numberedDay(5), 3)),
    position: fc.option(some(signed(4), 2)),
    weekStart: fc.option(fc.constantFrom(...days)),
  })
  .map(({ frequency, interval, month, monthDay, yearDay, weekNumber, day, position, weekStart }) => {
    const plainDay = day?.map((text) => text.slice(-2));
    const parts: [string, readonly (number | string)[] | null | undefined][] = [
      ['BYMONTH', month],
      ['BYMONTHDAY', frequency === 'WEEKLY' ? null : monthDay],
      ['BYYEARDAY', frequency === 'YEARLY' ? yearDay : null],
      ['BYWEEKNO', frequency === 'YEARLY' ? weekNumber : null],
      ['BYDAY', ['MONTHLY', 'YEARLY'].includes(frequency) && !weekNumber ? day : plainDay],
    ];
    const by = parts.flatMap(([name, values]) => (values ? [`${name}=${[...new Set(values)].join(',')}`] : []));
    return [
      `FREQ=${frequency}`,
      `INTERVAL=${interval}`,
      ...by,
      ...(position && by.length > 0 ? [`BYSETPOS=${position.join(',')}`] : []),
      ...(weekStart ? [`WKST=${weekStart}`] : []),
    ].join(';');
  });

test('a rule comes on exactly the days that the RFC says, counted from its start', () => {
  const start = fc.integer({ min: 0, max: 1500 }).map((n) => Temporal.PlainDate.from('2023-01-01').add({ days: n }));
  fc.assert(
    fc.property(rule, start, fc.integer({ min: 1, max: 9 }), (repeat, day, count) => {
      expect(recurrenceProblem(repeat)).toBeUndefined();
      const whole = { after: ms('2020-01-01T00:00:00Z'), before: ms('2031-12-31T23:59:00Z') };
      const at = { start: `${day.toString()}T12:00`, zone: 'UTC' };
      const came = occurrences({ ...at, repeat }, whole).map(({ local }) => local.toPlainDate().toString());
      const wanted: string[] = [];
      for (let one = day; one.year <= 2031; one = one.add({ days: 1 })) {
        if (comesOn(repeat, day, one)) wanted.push(one.toString());
      }
      expect(came).toEqual(wanted);
      const counted = occurrences({ ...at, repeat: `${repeat};COUNT=${count}` }, whole);
      expect(counted.map(({ local }) => local.toPlainDate().toString())).toEqual(wanted.slice(0, count));
    }),
    { numRuns: 150 },
  );
}, 120_000);
