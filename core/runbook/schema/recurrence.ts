import { because, matching } from './scalars';

/**
 * The RRULE of RFC 5545 without DTSTART, which is the start, and UNTIL, which a blackout says better. Nothing finer than a
 * day: the time of day is that of the start, and such rules are a way to keep a compiler busy.
 */
export const RECURRENCE_FORM =
  /^FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;(INTERVAL|COUNT|BYMONTH|BYMONTHDAY|BYYEARDAY|BYWEEKNO|BYDAY|BYSETPOS|WKST)=[A-Z0-9,+-]{1,100}){0,9}$/;

export const recurrence = () =>
  matching(
    RECURRENCE_FORM,
    because(
      'InvalidRecurrence',
      (shown) =>
        `${shown} is not a recurrence rule of RFC 5545 that can be used here; write for example "FREQ=WEEKLY;BYDAY=SA" or "FREQ=MONTHLY;BYDAY=1SU"`,
    ),
  ).meta({ examples: ['FREQ=WEEKLY;BYDAY=SA'] });
