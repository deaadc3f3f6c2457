import { comesTwice } from '../comes-twice';
import type { Problem } from '../diagnostic';
import { isLocalTime, isTimeZone } from '../local-time';
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
    if (because === undefined) yield* comesTwiceIn(schedule, repeat.text);
    else yield repeat.problem('ScheduleNotPossible', `${quote(repeat.text)} cannot be kept by a schedule: ${because}`);
  }
}

/** The rule means the first of the two times. Temporal's server takes the second, in some zones both, as its documentation has it. */
function* comesTwiceIn(schedule: Part, repeat: string): Iterable<Problem> {
  const start = schedule.at('start');
  const zone = schedule.at('timeZone').text ?? 'UTC';
  if (start.text === undefined || !isLocalTime(start.text) || !isTimeZone(zone)) return;
  const twice = comesTwice({ start: start.text, repeat, zone });
  if (twice === undefined) return;
  yield start.problem(
    'ScheduleNotPossible',
    `the hour of ${twice} comes twice in ${zone}, when clocks are put back, and Temporal then starts late or twice; take another time of day`,
  );
}
