import { z } from 'zod';
import { duration, name } from './scalars';

const MOST_GRADES = 10;

const grade = z
  .strictObject({
    name: name()
      .describe('Name of the grade, unique in the runbook.')
      .meta({ examples: ['gold'] }),
    withinRpo: z
      .number()
      .min(0)
      .max(100)
      .default(100)
      .describe('Percent of the time in which the lag must be within the RPO. Time of which nothing is known is not.')
      .meta({ examples: [99.9] }),
    longestBreach: duration()
      .optional()
      .describe('How long the lag may be beyond the RPO in one piece. Default: as long as `withinRpo` allows.')
      .meta({ examples: ['10m'] }),
    rto: duration()
      .optional()
      .describe('How long each recovery may take, those that drills rehearse included. Default: the RTO.')
      .meta({ examples: ['60s'] }),
  })
  .describe('How well the objectives are held over a period. `switchback compliance` says which grade was earned.')
  .meta({ id: 'Grade' });

export const objectives = z
  .strictObject({
    rpo: duration()
      .describe('Recovery point objective: how much data, in time, may be lost.')
      .meta({ examples: ['5s'] }),
    rto: duration()
      .describe('Recovery time objective: how long recovery may take.')
      .meta({ examples: ['60s'] }),
    grades: z
      .array(grade)
      .max(MOST_GRADES)
      .default([])
      .describe(
        'Grades of compliance, the best first; who earns none is not compliant. Default: no second beyond the RPO, no recovery beyond the RTO.',
      ),
  })
  .describe('What was promised. Reports say whether it was met.');
