import { endOf, goesOn, periodOf, type AskedPeriod } from '../../../core/compliance/period';

const asOf = '2026-11-29T10:00:00.000Z';
const utc = (asked: Partial<AskedPeriod>) => periodOf({ timeZone: 'UTC', ...asked }, asOf);

test.each<[string, Partial<AskedPeriod>, string, string, string]>([
  ['a quarter', { quarter: '2026Q3' }, '2026Q3', '2026-07-01T00:00:00.000Z', '2026-10-01T00:00:00.000Z'],
  [
    'the last quarter of a year',
    { quarter: '2025-q4' },
    '2025Q4',
    '2025-10-01T00:00:00.000Z',
    '2026-01-01T00:00:00.000Z',
  ],
  // Clocks change within it: it begins and ends at midnight there.
  [
    'one of a zone',
    { quarter: '2026Q1', timeZone: 'Europe/Berlin' },
    '2026Q1',
    '2025-12-31T23:00:00.000Z',
    '2026-03-31T22:00:00.000Z',
  ],
  [
    'days, the last one included',
    { from: '2026-10-24', to: '2026-10-25', timeZone: 'Europe/Berlin' },
    '2026-10-24 to 2026-10-25',
    '2026-10-23T22:00:00.000Z',
    '2026-10-25T23:00:00.000Z',
  ],
  [
    'instants',
    { from: '2026-10-01T08:00:00+02:00', to: '2026-10-01T07:00:00Z' },
    '2026-10-01T08:00:00+02:00 to 2026-10-01T07:00:00Z',
    '2026-10-01T06:00:00.000Z',
    '2026-10-01T07:00:00.000Z',
  ],
])('%s', (_, asked, name, from, to) => {
  expect(utc(asked)).toEqual({ name, from, to, timeZone: asked.timeZone ?? 'UTC', asOf });
});

function refusalOf(asked: Partial<AskedPeriod>): unknown {
  try {
    return utc(asked);
  } catch (error) {
    return error;
  }
}

test.each<[Partial<AskedPeriod>, string]>([
  [{ quarter: '2026Q5' }, '"2026Q5" is not a quarter; write a year and Q1 to Q4, for example 2026Q4'],
  [{ quarter: 'Q4' }, '"Q4" is not a quarter'],
  [{}, 'say of which time: --quarter 2026Q4, or --from 2026-10-01 --to 2026-12-31'],
  [{ from: '2026-10-01' }, 'say of which time'],
  [{ quarter: '2026Q4', from: '2026-10-01' }, 'give --quarter, or --from and --to, not both'],
  [{ from: '2026-10-02', to: '2026-10-01' }, 'the period ends before it begins'],
  [{ from: '2026-02-30', to: '2026-10-01' }, '--from "2026-02-30" is neither a day such as 2026-10-01 nor an instant'],
  [{ from: '2026-10-01', to: 'now' }, '--to "now" is neither a day'],
  [{ quarter: '2027Q1' }, '2027Q1 has not begun yet: there is no evidence of it'],
  [{ quarter: '2026Q4', timeZone: 'Mars/Base' }, '"Mars/Base" is not a time zone such as "Europe/Berlin"'],
])('%j is refused: %s', (asked, message) => {
  expect(refusalOf(asked)).toMatchObject({ code: 'InvalidInput', message: expect.stringContaining(message) });
});

test('a period that goes on ends now', () => {
  const [ended, open] = [utc({ quarter: '2026Q3' }), utc({ quarter: '2026Q4' })];
  expect([goesOn(ended), endOf(ended)]).toEqual([false, '2026-10-01T00:00:00.000Z']);
  expect([goesOn(open), endOf(open)]).toEqual([true, asOf]);
});
