import type { WindowGate } from '../../../core/model/runbook';
import { shown } from './shown-openings';

const saturdays = 'FREQ=WEEKLY;BYDAY=SA';
const freeze = { from: '2026-12-20', to: '2027-01-02', reason: 'year-end freeze' };

test.each<[string, Partial<WindowGate>, string, string[]]>([
  [
    'whole days over the end of the year, the last one included',
    { repeat: saturdays, blackouts: [freeze] },
    '2026-12-18T00:00:00Z',
    ['2026-12-19T22:00/2h', '2027-01-09T22:00/2h'],
  ],
  [
    'an opening over midnight is cut at the midnight with which the first day begins',
    { repeat: saturdays, start: '2026-01-03T23:00', blackouts: [freeze] },
    '2026-12-18T00:00:00Z',
    ['2026-12-19T23:00/1h cut by year-end freeze', '2027-01-03T00:00/1h cut by year-end freeze', '2027-01-09T23:00/2h'],
  ],
  [
    'each year again, also where the years between are leap years',
    { repeat: saturdays, blackouts: [{ ...freeze, from: '2022-12-20', to: '2023-01-02', repeat: 'FREQ=YEARLY' }] },
    '2026-12-18T00:00:00Z',
    ['2026-12-19T22:00/2h', '2027-01-09T22:00/2h'],
  ],
  [
    'a leap day',
    { start: '2028-02-28T23:00', durationSeconds: 26 * 3600, blackouts: [{ from: '2028-02-29', to: '2028-02-29' }] },
    '2028-02-01T00:00:00Z',
    [
      '2028-02-28T23:00/1h cut by blackout from 2028-02-29 to 2028-02-29',
      '2028-03-01T00:00/1h cut by blackout from 2028-02-29 to 2028-02-29',
    ],
  ],
  [
    'a time of day is the end itself',
    { repeat: saturdays, blackouts: [{ from: '2026-12-01', to: '2026-12-05T23:00', reason: 'sale' }] },
    '2026-12-01T00:00:00Z',
    ['2026-12-05T23:00/1h cut by sale', '2026-12-12T22:00/2h'],
  ],
  [
    'of blackouts that overlap those are named without which it would be longer',
    {
      start: '2026-12-05T20:00',
      durationSeconds: 6 * 3600,
      blackouts: [
        { from: '2026-12-05', to: '2026-12-05T21:00', reason: 'sale' },
        { from: '2026-12-05', to: '2026-12-05T22:00', reason: 'backup' },
        { from: '2026-12-06', to: '2026-12-07', reason: 'audit' },
        { from: '2026-12-06T01:00', to: '2026-12-07', reason: 'inside of the audit' },
      ],
    },
    '2026-12-01T00:00:00Z',
    ['2026-12-05T22:00/2h cut by backup and audit'],
  ],
])('%s', (_title, more, after, openings) => {
  expect(shown(more, after, Math.max(1, openings.length))).toEqual(openings);
});
