import type { ScheduleChange } from '../schedules/apply-schedules';
import type { FieldChange } from '../schedules/schedule-fields';
import type { ScheduledRun, ScheduleState } from '../schedules/scheduled-runs';
import { count } from '../terminal/format';
import { span, type Line } from '../terminal/line';
import type { Format } from '../terminal/style';
import { localText } from './local-text';

const marks: Readonly<Record<ScheduleChange['change'], readonly [mark: string, format: Format]>> = {
  created: ['+', 'green'],
  changed: ['~', 'yellow'],
  removed: ['-', 'red'],
  unchanged: ['=', 'dim'],
};

/** What was changed, or with `dryRun` would be. */
export function changeLines(changes: readonly ScheduleChange[], dryRun: boolean): Line[] {
  const lines = changes.flatMap(({ group, name, change, fields, paused }): Line[] => {
    const [mark, format] = marks[change];
    return [
      [span(`${mark} `, format), span(`${group}/${name}`, 'bold'), span(` ${change}`)],
      ...fields.map(fieldLine),
      ...(paused === undefined ? [] : [[span(`    stays paused: ${paused}`, 'yellow')]]),
    ];
  });
  const made = changes.filter(({ change }) => change !== 'unchanged').length;
  const summary =
    made === 0 ? 'nothing to change' : `${count(made, 'schedule')} ${dryRun ? 'would be changed' : 'changed'}`;
  return [...lines, [span(summary, 'dim')]];
}

const fieldLine = ({ field, from, to }: FieldChange): Line => [
  span(`    ${field}: `),
  span(from ?? 'none', 'red'),
  span(' → '),
  span(to ?? 'none', 'green'),
];

export const scheduleLines = (schedules: readonly ScheduleState[]): Line[] =>
  schedules.flatMap((schedule, index) => [...(index > 0 ? [[]] : []), ...stateLines(schedule)]);

function stateLines({ group, name, timeZone, repeat, paused, next, runs, leftOut }: ScheduleState): Line[] {
  return [
    [span(`${group}/${name}`, 'bold'), ...(repeat === undefined ? [] : [span(`  ${repeat}`, 'dim')])],
    paused === undefined ? nextLine(next, timeZone) : [span('  paused  ', 'yellow'), span(paused)],
    ...runs.map((run, index) => runLine(run, { timeZone, label: index === 0 ? 'last' : '' })),
    ...leftOutLines(leftOut),
  ];
}

const nextLine = (next: readonly string[], timeZone: string): Line => {
  const [first, ...others] = next.map((instant) => localText(instant, timeZone));
  if (first === undefined) return [span('  next    never again', 'yellow')];
  const then = others.length === 0 ? '' : `, then ${others.join(', ')}`;
  return [span('  next    '), span(first, 'cyan'), span(` ${timeZone}${then}`)];
};

const runLine = (
  { workflowId, startedAt, ended, because }: ScheduledRun,
  { timeZone, label }: { readonly timeZone: string; readonly label: string },
): Line => [
  span(`  ${label.padEnd(8)}`),
  span(`${localText(startedAt, timeZone)}  `),
  span(ended, formatOf(ended)),
  span(because === undefined || ended === 'completed' ? '' : `: ${because}`),
  span(`  ${workflowId}`, 'dim'),
];

function formatOf(ended: string): Format {
  if (ended === 'completed') return 'green';
  return ended === 'running' || ended === 'gone' ? 'cyan' : 'red';
}

function leftOutLines({ overlap, missed }: ScheduleState['leftOut']): Line[] {
  const told = [
    ...(overlap > 0 ? [`${overlap} because the run before still ran`] : []),
    ...(missed > 0 ? [`${missed} because Temporal was down for longer than the catch-up`] : []),
  ];
  return told.length === 0 ? [] : [[span(`  left out ${told.join(', ')}`, 'yellow')]];
}
