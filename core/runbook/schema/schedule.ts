import { z } from 'zod';
import { durationMs } from '../duration';
import { pointChoice } from './point-choice';
import { recurrence } from './recurrence';
import { because, duration, line, localTime, name } from './scalars';

/** Also a bound on the work that time zones make. */
export const MOST_SCHEDULES = 20;

const SHORTEST_CATCH_UP = '1m';

const schedule = z
  .strictObject({
    name: name()
      .describe('Name of the schedule, unique in the runbook.')
      .meta({ examples: ['quarterly-drill'] }),
    operation: z
      .literal(
        'drill',
        because(
          'ScheduleNotPossible',
          (shown) =>
            `${shown} cannot be started by a schedule, only "drill": failover, reprotect and failback change what customers use, and a person starts them`,
        ),
      )
      .describe('What is started. Only a drill changes nothing that customers use, and so may start by itself.')
      .meta({ examples: ['drill'] }),
    start: localTime()
      .describe('Local date and time with which it begins; its time of day is that of every start.')
      .meta({ examples: ['2027-01-05T10:00'] }),
    repeat: recurrence()
      .describe('How it comes again: a recurrence rule of RFC 5545 that begins at `start`.')
      .meta({ examples: ['FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU'] }),
    timeZone: line(64)
      .default('UTC')
      .describe('IANA time zone of the start.')
      .meta({ examples: ['Europe/Berlin'] }),
    jitter: duration({ whole: 'seconds', atMost: '12h' })
      .optional()
      .describe('How much later it may start, by chance, each time. Default: not at all.')
      .meta({ examples: ['15m'] }),
    catchUp: duration({ whole: 'seconds', atMost: '7d' })
      .refine(
        (text) => (durationMs(text) ?? Infinity) >= (durationMs(SHORTEST_CATCH_UP) ?? 0),
        because('InvalidDuration', (shown) => `${shown} is shorter than ${SHORTEST_CATCH_UP}`),
      )
      .default('4h')
      .describe(
        'How late a start is made up for that was missed because Temporal was down. Later than that it is left out.',
      ),
    pauseOnFailure: z
      .boolean()
      .default(false)
      .describe('Whether a drill that does not end well pauses the schedule, until somebody resumes it.'),
    keep: duration({ whole: 'seconds', atMost: '30d' })
      .optional()
      .describe(
        'As `keep` of a drill: how long the copy is kept for people to look at. Default: what the runbook says of drills.',
      )
      .meta({ examples: ['30m'] }),
    recoveryPoint: pointChoice()
      .optional()
      .describe('As `recoveryPoint` of a drill. Default: what the runbook says of drills.')
      .meta({ examples: ['latest'] }),
    roundTrip: z.boolean().optional().describe('As `roundTrip` of a drill. Default: what the runbook says of drills.'),
  })
  .describe('Starts a drill by itself, again and again. `switchback schedule apply` makes a Temporal Schedule of it.')
  .meta({ id: 'Schedule' });

export const schedules = z.array(schedule).max(MOST_SCHEDULES).default([]).describe('Drills that start by themselves.');
