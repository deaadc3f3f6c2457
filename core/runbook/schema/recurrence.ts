import { z } from 'zod';
import { recurrenceProblem } from '../recurrence-parts';
import { because } from './scalars';

const LONGEST_RULE = 1000;

/** The names and the characters of a rule, for editors; what the values may be, `recurrenceProblem` says. */
const RECURRENCE_FORM =
  /^FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;(INTERVAL|COUNT|UNTIL|BYMONTH|BYMONTHDAY|BYYEARDAY|BYWEEKNO|BYDAY|BYSETPOS|WKST)=[A-Z0-9,+-]+)*$/;

/** The RRULE of RFC 5545 without DTSTART, which is the start, and without what is finer than a day. */
export const recurrence = () =>
  z
    .string()
    .max(LONGEST_RULE)
    .refine(
      (rule) => rule.length > LONGEST_RULE || recurrenceProblem(rule) === undefined,
      because('InvalidRecurrence', (shown, rule) => {
        const problem = recurrenceProblem(rule) ?? '';
        return `${shown} is not a recurrence rule that can be used here: ${problem}; write for example "FREQ=WEEKLY;BYDAY=SA" or "FREQ=MONTHLY;BYDAY=1SU"`;
      }),
    )
    .meta({ pattern: RECURRENCE_FORM.source, examples: ['FREQ=WEEKLY;BYDAY=SA'] });
