import type { WindowGate } from '../../../core/model/runbook';
import { shown } from './shown-openings';

const hour = 3600;

/** In Berlin clocks go from 02:00 to 03:00 on 2027-03-28, and from 03:00 back to 02:00 on 2026-10-25. */
test.each<[string, Partial<WindowGate>, string, string[]]>([
  [
    'a further opening in the gap is meant by the offset before it',
    { also: [{ start: '2027-03-28T02:30', durationSeconds: hour }] },
    '2027-03-01T00:00:00Z',
    ['2027-03-28T03:30/1h'],
  ],
  [
    'a further opening in the hour that comes twice is the first of both',
    { also: [{ start: '2026-10-25T02:30', durationSeconds: 2 * hour }] },
    '2026-10-01T00:00:00Z',
    ['2026-10-25T02:30/2h'],
  ],
  [
    'a further opening that repeats and begins in the gap keeps its time of day',
    { also: [{ start: '2027-03-28T02:30', durationSeconds: hour, repeat: 'FREQ=WEEKLY' }] },
    '2027-03-01T00:00:00Z',
    ['2027-04-04T02:30/1h', '2027-04-11T02:30/1h'],
  ],
  [
    'a blackout in the gap is meant by the offset before it',
    {
      start: '2027-03-28T00:00',
      durationSeconds: 6 * hour,
      blackouts: [{ start: '2027-03-28T02:30', durationSeconds: hour, reason: 'backup' }],
    },
    '2027-03-28T00:00:00Z',
    ['2027-03-28T00:00/2.5h cut by backup', '2027-03-28T04:30/2.5h cut by backup'],
  ],
  [
    'a blackout in the hour that comes twice is the first of both, and as long as it says',
    {
      start: '2026-10-25T00:00',
      durationSeconds: 6 * hour,
      blackouts: [{ start: '2026-10-25T02:00', durationSeconds: hour, reason: 'backup' }],
    },
    '2026-10-24T00:00:00Z',
    ['2026-10-25T00:00/2h cut by backup', '2026-10-25T02:00/3h cut by backup'],
  ],
  [
    'a blackout that repeats leaves out the day on which its time is skipped',
    {
      start: '2027-03-28T01:00',
      durationSeconds: 4 * hour,
      repeat: 'FREQ=DAILY',
      blackouts: [{ start: '2027-01-01T02:30', durationSeconds: hour, repeat: 'FREQ=DAILY', reason: 'backup' }],
    },
    '2027-03-28T00:00:00Z',
    ['2027-03-28T01:00/4h', '2027-03-29T01:00/1.5h cut by backup', '2027-03-29T03:30/1.5h cut by backup'],
  ],
  [
    'a blackout of a day lasts 23 hours when clocks go forward',
    {
      start: '2027-03-27T23:00',
      durationSeconds: 26 * hour,
      blackouts: [{ from: '2027-03-28', to: '2027-03-28', reason: 'audit' }],
    },
    '2027-03-27T00:00:00Z',
    ['2027-03-27T23:00/1h cut by audit', '2027-03-29T00:00/2h cut by audit'],
  ],
  [
    'and 25 hours when they go back',
    {
      start: '2026-10-24T23:00',
      durationSeconds: 27 * hour,
      blackouts: [{ from: '2026-10-25', to: '2026-10-25', reason: 'audit' }],
    },
    '2026-10-24T00:00:00Z',
    ['2026-10-24T23:00/1h cut by audit', '2026-10-26T00:00/1h cut by audit'],
  ],
  [
    'a day without a midnight begins at one',
    {
      timeZone: 'Africa/Cairo',
      start: '2024-04-25T22:00',
      durationSeconds: 6 * hour,
      blackouts: [{ from: '2024-04-26', to: '2024-04-26' }],
    },
    '2024-04-25T00:00:00Z',
    ['2024-04-25T22:00/2h cut by blackout from 2024-04-26 to 2024-04-26'],
  ],
])('%s', (_title, more, after, openings) => {
  expect(shown(more, after, openings.length)).toEqual(openings);
});
