import type { ProtectionTerms } from '../model/evidence';
import type { ScheduleSpec } from '../model/schedule';
import { occurrences } from '../runbook/recurrence';

/** A moment at which a drill was promised. In milliseconds since 1970. */
export interface DueDate {
  readonly schedule: string;
  readonly due: number;
  /** On time until then. */
  readonly until: number;
  /** When the same schedule came again; absent: it has not yet. */
  readonly next?: number;
  /** The way back is to be rehearsed as well. */
  readonly roundTrip: boolean;
}

/** When drills were due, by what was promised at the time, up to `asOf`; a schedule that is changed is due as it was until then. */
export function dueDates(terms: readonly ProtectionTerms[], asOf: string): readonly DueDate[] {
  const sorted = [...terms].sort((one, other) => Date.parse(one.since) - Date.parse(other.since));
  const dates = sorted.flatMap(({ since, schedules }, index) => {
    const before = Date.parse(sorted[index + 1]?.since ?? asOf);
    return schedules.flatMap((schedule) => expanded(schedule, { after: Date.parse(since), before }));
  });
  dates.sort((one, other) => one.due - other.due);
  return dates.map((date, index) => {
    const next = dates.slice(index + 1).find(({ schedule }) => schedule === date.schedule);
    return { ...date, ...(next && { next: next.due }) };
  });
}

/** `before` is not included: from then on something else was promised. */
function expanded(
  schedule: ScheduleSpec,
  { after, before }: { readonly after: number; readonly before: number },
): readonly DueDate[] {
  const { name, start, repeat, timeZone, startsAt, jitterSeconds = 0, catchUpSeconds, options } = schedule;
  return occurrences(
    { start, repeat, zone: timeZone },
    { after: Math.max(after, Date.parse(startsAt)), before: before - 1 },
  ).map(({ at }) => ({
    schedule: name,
    due: at,
    until: at + (jitterSeconds + catchUpSeconds) * 1000,
    roundTrip: options.roundTrip === true,
  }));
}
