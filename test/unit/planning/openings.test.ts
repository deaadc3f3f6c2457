import * as fc from 'fast-check';
import type { WindowGate, WindowRule } from '../../../core/model/runbook';
import { MOST_OPENINGS, openingsOf } from '../../../core/planning/openings';
import { gate, shown } from './shown-openings';

const saturdays = 'FREQ=WEEKLY;BYDAY=SA';

test.each<[string, Partial<WindowGate>, string, string[]]>([
  ['each Saturday', { repeat: saturdays }, '2026-12-04T12:00:00Z', ['2026-12-05T22:00/2h', '2026-12-12T22:00/2h']],
  [
    'one that is open now counts',
    { repeat: saturdays },
    '2026-12-05T22:30:00Z',
    ['2026-12-05T22:00/2h', '2026-12-12T22:00/2h'],
  ],
  [
    'over midnight and the end of the year',
    { repeat: 'FREQ=YEARLY', start: '2025-12-31T23:00' },
    '2026-06-01T00:00:00Z',
    ['2026-12-31T23:00/2h'],
  ],
  [
    'when clocks are put forward it keeps its local begin and its length',
    { repeat: 'FREQ=WEEKLY;BYDAY=SU', start: '2027-01-03T01:00' },
    '2027-03-27T00:00:00Z',
    ['2027-03-28T01:00/2h', '2027-04-04T01:00/2h'],
  ],
  [
    'a local time that does not exist is left out',
    { repeat: 'FREQ=DAILY', start: '2027-01-03T02:30', durationSeconds: 3600 },
    '2027-03-27T00:00:00Z',
    ['2027-03-27T02:30/1h', '2027-03-29T02:30/1h'],
  ],
  [
    'of a local time that comes twice the first counts',
    { repeat: 'FREQ=DAILY', start: '2026-01-03T02:30', durationSeconds: 1800 },
    '2026-10-25T00:00:00Z',
    ['2026-10-25T02:30/0.5h', '2026-10-26T02:30/0.5h'],
  ],
  [
    'February 29th comes in leap years only',
    { repeat: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', start: '2024-02-29T10:00' },
    '2027-06-01T00:00:00Z',
    ['2028-02-29T10:00/2h'],
  ],
  [
    'the first Sunday of the month and every Wednesday',
    {
      repeat: 'FREQ=MONTHLY;BYDAY=1SU',
      also: [{ start: '2026-01-07T03:00', durationSeconds: 3600, repeat: 'FREQ=WEEKLY;BYDAY=WE' }],
    },
    '2026-11-30T00:00:00Z',
    ['2026-12-02T03:00/1h', '2026-12-06T22:00/2h', '2026-12-09T03:00/1h'],
  ],
  [
    'a blackout takes an opening away and cuts another',
    {
      repeat: saturdays,
      blackouts: [
        { start: '2026-12-05T00:00', durationSeconds: 86_400 },
        { start: '2026-12-12T23:00', durationSeconds: 1800, reason: 'backup' },
      ],
    },
    '2026-12-04T12:00:00Z',
    ['2026-12-12T22:00/1h cut by backup', '2026-12-12T23:30/0.5h cut by backup'],
  ],
  [
    'openings that touch are one',
    { also: [{ start: '2026-01-04T00:00', durationSeconds: 3600 }] },
    '2026-01-01T00:00:00Z',
    ['2026-01-03T22:00/3h'],
  ],
  ['one that is over is no opening', {}, '2026-02-01T00:00:00Z', []],
  [
    'the zone decides',
    { repeat: saturdays, timeZone: 'Asia/Kolkata' },
    '2026-12-04T12:00:00Z',
    ['2026-12-05T22:00/2h'],
  ],
])('%s', (_title, more, after, openings) => {
  expect(shown(more, after, Math.max(1, openings.length))).toEqual(openings);
});

const localTime = fc
  .date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2027-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => `${date.toISOString().slice(0, 13)}:30`);
const rule: fc.Arbitrary<WindowRule> = fc
  .record({
    start: localTime,
    durationSeconds: fc.integer({ min: 60, max: 3 * 86_400 }),
    repeat: fc.constantFrom(
      undefined,
      'FREQ=DAILY',
      saturdays,
      'FREQ=MONTHLY;BYDAY=-1FR',
      'FREQ=YEARLY',
      'FREQ=WEEKLY;COUNT=3',
    ),
  })
  .map(({ repeat, ...once }) => (repeat === undefined ? once : { ...once, repeat }));
const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu');

test('openings are in order, apart from each other, not over, and never within a blackout', () => {
  fc.assert(
    fc.property(
      rule,
      fc.array(rule, { maxLength: 2 }),
      fc.array(rule, { maxLength: 3 }),
      zone,
      (first, also, blackouts, timeZone) => {
        const after = '2026-07-01T00:00:00Z';
        const openings = openingsOf(gate({ ...first, also, blackouts, timeZone }), after);
        expect(openings.length).toBeLessThanOrEqual(MOST_OPENINGS);
        let last = -Infinity;
        for (const { opensAt, closesAt } of openings) {
          expect(Date.parse(opensAt)).toBeGreaterThan(last);
          last = Date.parse(closesAt);
          expect(last).toBeGreaterThan(Math.max(Date.parse(opensAt), Date.parse(after)));
        }
        for (const blackout of blackouts) {
          const [closed, ...others] = openingsOf(gate({ ...blackout, timeZone }), after);
          for (const { opensAt, closesAt } of closed ? [closed, ...others] : []) {
            const within = openings.filter((one) => one.opensAt < closesAt && opensAt < one.closesAt);
            expect(within).toEqual([]);
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});
