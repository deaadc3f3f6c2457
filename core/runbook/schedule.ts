import { Temporal } from 'temporal-polyfill';
import type { ScheduleSpec } from '../model/schedule';
import { acceptedSeconds } from './duration';
import { present } from './present';
import { calendarsOf } from './schedule-calendars';
import type { WrittenRunbook } from './schema';

export function scheduleOf(written: WrittenRunbook['schedules'][number]): ScheduleSpec {
  const { name, operation, start, repeat, timeZone, jitter, catchUp, pauseOnFailure } = written;
  const { keep, recoveryPoint, roundTrip } = written;
  return {
    name,
    operation,
    start,
    repeat,
    timeZone,
    startsAt: Temporal.PlainDateTime.from(start).toZonedDateTime(timeZone).toInstant().toString(),
    calendars: calendarsOf({ start, repeat }),
    ...(jitter !== undefined && { jitterSeconds: acceptedSeconds(jitter) }),
    catchUpSeconds: acceptedSeconds(catchUp),
    pauseOnFailure,
    options: present({ keepSeconds: keep === undefined ? undefined : acceptedSeconds(keep), recoveryPoint, roundTrip }),
  };
}
