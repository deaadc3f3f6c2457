import type { CalendarSpec, ScheduleOptions } from '@temporalio/client';
import { CONTROL_TASK_QUEUE } from '../../core/model/names';
import type { Calendar, ScheduleSpec } from '../../core/model/schedule';

const MONTHS = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
] as const;
const WEEKDAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const;

/** Everything of a Temporal Schedule that its runbook decides. Whether it is paused is for people to say. */
export type WantedSchedule = Required<Pick<ScheduleOptions, 'spec' | 'action' | 'policies'>>;

/** The Temporal Schedule of what a runbook declares. Its runs are started as `switchback run` starts them. */
export function wantedSchedule(group: string, schedule: ScheduleSpec): WantedSchedule {
  const { name, operation, timeZone, startsAt, jitterSeconds, calendars, options } = schedule;
  return {
    spec: {
      calendars: calendars.map((calendar) => ({ ...calendarSpecOf(calendar), comment: schedule.repeat })),
      startAt: new Date(startsAt),
      timezone: timeZone,
      ...(jitterSeconds !== undefined && { jitter: jitterSeconds * 1000 }),
    },
    action: {
      type: 'startWorkflow',
      workflowType: operation,
      taskQueue: CONTROL_TASK_QUEUE,
      // Temporal appends the time of the start.
      workflowId: `${operation}/${group}/${name}`,
      args: [{ runbook: group, requestedBy: `schedule ${name}`, ...options }],
      staticSummary: `${operation} of ${group}, by schedule ${name}`.slice(0, 200),
    },
    policies: {
      overlap: 'SKIP',
      catchupWindow: schedule.catchUpSeconds * 1000,
      pauseOnFailure: schedule.pauseOnFailure,
    },
  };
}

const calendarSpecOf = ({ months, daysOfWeek, daysOfMonth, years, ...time }: Calendar): CalendarSpec => ({
  ...time,
  dayOfMonth: [...daysOfMonth],
  month: months.map(({ start, end, step }) => ({ start: named(MONTHS, start - 1), end: named(MONTHS, end - 1), step })),
  dayOfWeek: daysOfWeek.map(({ start, end, step }) => ({
    start: named(WEEKDAYS, start),
    end: named(WEEKDAYS, end),
    step,
  })),
  ...(years.length > 0 && { year: [...years] }),
});

function named<T>(names: readonly T[], index: number): T {
  const name = names[index];
  if (name === undefined) throw new RangeError(`no calendar has a month or weekday ${index}`);
  return name;
}
