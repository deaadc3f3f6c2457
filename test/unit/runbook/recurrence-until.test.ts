import * as fc from 'fast-check';
import { firstOccurrence, occurrences } from '../../../core/runbook/recurrence';
import { recurrenceProblem } from '../../../core/runbook/recurrence-parts';
import { untilOf, untilProblem } from '../../../core/runbook/recurrence-until';

const all = { after: Date.parse('2020-01-01T00:00:00Z'), before: Date.parse('2032-01-01T00:00:00Z') };
const berlin = 'Europe/Berlin';

const shown = (start: string, repeat: string, zone: string): string[] =>
  occurrences({ start, repeat, zone }, all).map(({ at }) => new Date(at).toISOString().replace(':00.000Z', 'Z'));

/** In Berlin clocks go from 02:00 to 03:00 on 2027-03-28, and from 03:00 back to 02:00 on 2026-10-25. */
test.each<[string, string, string, string, string[]]>([
  [
    'itself included',
    '2026-12-05T22:00',
    'FREQ=WEEKLY;UNTIL=20261219T210000Z',
    berlin,
    ['2026-12-05T21:00Z', '2026-12-12T21:00Z', '2026-12-19T21:00Z'],
  ],
  [
    'a second before is before',
    '2026-12-05T22:00',
    'FREQ=WEEKLY;UNTIL=20261219T205959Z',
    berlin,
    ['2026-12-05T21:00Z', '2026-12-12T21:00Z'],
  ],
  [
    'of the winter offset for a start in summer time',
    '2026-10-23T22:00',
    'FREQ=DAILY;UNTIL=20261025T210000Z',
    berlin,
    ['2026-10-23T20:00Z', '2026-10-24T20:00Z', '2026-10-25T21:00Z'],
  ],
  [
    'the summer offset ends a day earlier in winter',
    '2026-10-23T22:00',
    'FREQ=DAILY;UNTIL=20261025T200000Z',
    berlin,
    ['2026-10-23T20:00Z', '2026-10-24T20:00Z'],
  ],
  [
    'in the hour that comes twice only the first counts, also when the second is still before the end',
    '2026-10-24T02:30',
    'FREQ=DAILY;UNTIL=20261025T013000Z',
    berlin,
    ['2026-10-24T00:30Z', '2026-10-25T00:30Z'],
  ],
  [
    'before the first of an hour that comes twice',
    '2026-10-24T02:30',
    'FREQ=DAILY;UNTIL=20261025T002959Z',
    berlin,
    ['2026-10-24T00:30Z'],
  ],
  [
    'at a time that clocks skip: the day has none',
    '2027-03-27T02:30',
    'FREQ=DAILY;UNTIL=20270328T013000Z',
    berlin,
    ['2027-03-27T01:30Z'],
  ],
  [
    'after a time that clocks skip: it is left out and the rule goes on',
    '2027-03-27T02:30',
    'FREQ=DAILY;UNTIL=20270329T003000Z',
    berlin,
    ['2027-03-27T01:30Z', '2027-03-29T00:30Z'],
  ],
  [
    'on another day of UTC, east of it',
    '2026-12-01T08:00',
    'FREQ=DAILY;UNTIL=20261202T180000Z',
    'Pacific/Kiritimati',
    ['2026-11-30T18:00Z', '2026-12-01T18:00Z', '2026-12-02T18:00Z'],
  ],
  [
    'on another day of UTC, west of it',
    '2026-12-01T22:00',
    'FREQ=DAILY;UNTIL=20261204T090000Z',
    'Pacific/Pago_Pago',
    ['2026-12-02T09:00Z', '2026-12-03T09:00Z', '2026-12-04T09:00Z'],
  ],
  [
    'of a date, itself included',
    '2026-12-30',
    'FREQ=DAILY;UNTIL=20270101',
    'UTC',
    ['2026-12-30T00:00Z', '2026-12-31T00:00Z', '2027-01-01T00:00Z'],
  ],
  [
    'of a date is a day of the zone',
    '2026-12-30',
    'FREQ=DAILY;UNTIL=20261231',
    berlin,
    ['2026-12-29T23:00Z', '2026-12-30T23:00Z'],
  ],
  ['of a leap day', '2024-02-29', 'FREQ=YEARLY;UNTIL=20280229', 'UTC', ['2024-02-29T00:00Z', '2028-02-29T00:00Z']],
  [
    'and a leap second counts as the one before it',
    '2026-12-30T23:59',
    'FREQ=DAILY;UNTIL=20261231T235960Z',
    'UTC',
    ['2026-12-30T23:59Z', '2026-12-31T23:59Z'],
  ],
])('an end %s', (_, start, repeat, zone, wanted) => {
  expect(recurrenceProblem(repeat)).toBeUndefined();
  expect(untilProblem({ start, repeat })).toBeUndefined();
  expect(shown(start, repeat, zone)).toEqual(wanted);
});

test('a rule whose end is before its start never comes', () => {
  const repeat = 'FREQ=DAILY;UNTIL=20261204T220000Z';
  expect(firstOccurrence({ start: '2026-12-05T22:00', repeat, zone: 'UTC' })).toBeUndefined();
});

test('whatever it begins with and repeats by, an end takes away what comes after it and nothing else', () => {
  const years = { after: Date.parse('2026-01-01'), before: Date.parse('2028-01-01') };
  const frequency = fc.constantFrom(
    'FREQ=DAILY',
    'FREQ=WEEKLY;INTERVAL=2',
    'FREQ=MONTHLY;BYDAY=1SU,-1FR',
    'FREQ=YEARLY',
  );
  const zone = fc.constantFrom('UTC', berlin, 'America/New_York', 'Pacific/Apia', 'Africa/Cairo');
  const end = fc
    .integer({ min: Date.parse('2026-01-01'), max: Date.parse('2028-01-01') })
    .map((at) => at - (at % 1000));
  const time = fc.constantFrom('00:00', '02:30', '22:00');
  fc.assert(
    fc.property(frequency, zone, end, time, (repeat, where, until, at) => {
      const written = new Date(until).toISOString().replace(/[-:]|\.000/g, '');
      const start = `2026-03-01T${at}`;
      const [whole, ended] = [repeat, `${repeat};UNTIL=${written}`].map((rule) =>
        occurrences({ start, repeat: rule, zone: where }, years).map((one) => one.at),
      );
      expect(ended).toEqual(whole?.filter((one) => one <= until));
    }),
    { numRuns: 60 },
  );
}, 600_000);

test.each([
  ['2026-12-05T22:00', 'UNTIL=20271231', 'must be a time in UTC such as "20271231T220000Z"'],
  ['2026-12-05T22:00', 'UNTIL=20271231T220000', 'must be a time in UTC'],
  ['2026-12-05', 'UNTIL=20271231T220000Z', 'must be a date such as "20271231"'],
  ['2026-12-05', 'UNTIL=20271231T220000', 'must be a date'],
])('a start %s has no end %s', (start, until, problem) => {
  expect(untilProblem({ start, repeat: `FREQ=DAILY;${until}` })).toContain(problem);
});

test.each([
  '20271301',
  '20270230',
  '20271231T240000Z',
  '20271231T236000Z',
  '20271231T230061Z',
  '2027-12-31',
  '20271231Z',
  '20271231T2200Z',
])('%s is no end', (value) => {
  expect(untilOf(value)).toBeUndefined();
  expect(recurrenceProblem(`FREQ=DAILY;UNTIL=${value}`)).toContain('is neither a date such as 20271231');
});
