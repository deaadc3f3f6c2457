import type { ScheduleState } from '../../../../cli/schedules/scheduled-runs';
import { changeLines, scheduleLines } from '../../../../cli/views/schedule-view';
import type { Line } from '../../../../cli/terminal/line';

const texts = (lines: readonly Line[]): readonly string[] =>
  lines.map((line) =>
    line
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );

test('what was changed is shown field by field, and counted', () => {
  const group = 'shop';
  const fields = [
    { field: 'repeat', from: 'FREQ=WEEKLY', to: 'FREQ=DAILY' },
    { field: 'jitter', from: '15 min' },
    { field: 'keep', to: '30 min' },
  ];
  const changes = [
    { group, name: 'first', change: 'created', fields: [] },
    { group, name: 'second', change: 'changed', fields, paused: 'paused by ana: freeze' },
    { group, name: 'third', change: 'unchanged', fields: [] },
    { group, name: 'fourth', change: 'removed', fields: [] },
  ] as const;
  expect(texts(changeLines(changes, false))).toEqual([
    '+ shop/first created',
    '~ shop/second changed',
    '    repeat: FREQ=WEEKLY → FREQ=DAILY',
    '    jitter: 15 min → none',
    '    keep: none → 30 min',
    '    stays paused: paused by ana: freeze',
    '= shop/third unchanged',
    '- shop/fourth removed',
    '3 schedules changed',
  ]);
  expect(texts(changeLines(changes, true)).at(-1)).toBe('3 schedules would be changed');
  expect(texts(changeLines([changes[2]], false)).at(-1)).toBe('nothing to change');
});

test('a schedule shows when it starts next, how its last runs ended, and what was left out', () => {
  const run = (ended: string, because?: string) => ({
    workflowId: 'drill/shop/quarterly-2027-01-05T09:00:00Z',
    startedAt: '2027-01-05T09:00:00Z',
    ended,
    ...(because !== undefined && { because }),
  });
  const schedule: ScheduleState = {
    group: 'shop',
    name: 'quarterly',
    id: 'schedule/shop/quarterly',
    timeZone: 'Europe/Berlin',
    repeat: 'FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU',
    next: ['2027-04-06T08:00:00Z', '2027-07-06T08:00:00Z'],
    runs: [run('rolled-back', 'Unhealthy: web'), run('completed', 'every step is done and verified'), run('gone')],
    leftOut: { overlap: 1, missed: 2 },
  };
  const over = { ...schedule, name: 'over', next: [], runs: [], leftOut: { overlap: 0, missed: 0 } };
  const paused = { ...over, name: 'paused', paused: 'freeze' };
  expect(texts(scheduleLines([schedule, paused, over]))).toEqual([
    'shop/quarterly  FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU',
    '  next    Tue 2027-04-06 10:00 Europe/Berlin, then Tue 2027-07-06 10:00',
    '  last    Tue 2027-01-05 10:00  rolled-back: Unhealthy: web  drill/shop/quarterly-2027-01-05T09:00:00Z',
    '          Tue 2027-01-05 10:00  completed  drill/shop/quarterly-2027-01-05T09:00:00Z',
    '          Tue 2027-01-05 10:00  gone  drill/shop/quarterly-2027-01-05T09:00:00Z',
    '  left out 1 because the run before still ran, 2 because Temporal was down for longer than the catch-up',
    '',
    'shop/paused  FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU',
    '  paused  freeze',
    '',
    'shop/over  FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU',
    '  next    never again',
  ]);
});
