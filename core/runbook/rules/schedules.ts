import type { Problem } from '../diagnostic';
import { isLocalTime, isTimeZone } from '../local-time';
import { nearClockChange } from '../near-clock-change';
import type { Part } from '../part';
import { quote } from '../quote';
import { recurrenceProblem } from '../recurrence-parts';
import { calendarProblem } from '../schedule-calendars';
import { MOST_SCHEDULES } from '../schema/schedule';

// The schema refuses more; here they would only make work.
export const allSchedules = (runbook: Part): readonly Part[] => runbook.at('schedules').items.slice(0, MOST_SCHEDULES);

/** Rules that Temporal's calendars cannot keep exactly. */
export function* scheduleCalendars(runbook: Part): Iterable<Problem> {
  for (const schedule of allSchedules(runbook)) {
    const repeat = schedule.at('repeat');
    // The schema says what is wrong with them.
    if (repeat.text === undefined || recurrenceProblem(repeat.text) !== undefined) continue;
    const because = calendarProblem(repeat.text);
    if (because === undefined) yield* clockChanges(schedule, repeat.text);
    else yield repeat.problem('ScheduleNotPossible', `${quote(repeat.text)} cannot be kept by a schedule: ${because}`);
  }
}

/** There Temporal's server starts late, twice or never, and not as its documentation has it. */
function* clockChanges(schedule: Part, repeat: string): Iterable<Problem> {
  const start = schedule.at('start');
  const zone = schedule.at('timeZone').text ?? 'UTC';
  if (start.text === undefined || !isLocalTime(start.text) || !isTimeZone(zone)) return;
  const near = nearClockChange({ start: start.text, repeat, zone });
  if (near === undefined) return;
  yield start.problem(
    'ScheduleNotPossible',
    `clocks in ${zone} change at about ${near}, where Temporal starts late, twice or never; take another time or day`,
  );
}
