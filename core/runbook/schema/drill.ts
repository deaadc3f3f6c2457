import { z } from 'zod';
import { duration, line, name } from './scalars';

/** @param gates the gates of any operation. */
export const drill = <Gates extends z.ZodType>(gates: Gates) =>
  z
    .strictObject({
      gates,
      keep: duration({ atMost: '30d' })
        .default('0s')
        .describe('How long the copy is held, healthy, for people to look at before it is removed.')
        .meta({ examples: ['30m'] }),
      recoveryPoint: line(200)
        .default('latest')
        .describe('What the copy is made from: "latest" (the replica as it is), or an instant.')
        .meta({ examples: ['latest'] }),
      onFailure: z
        .enum(['ask', 'rollback'])
        .default('rollback')
        .describe('What follows when a step has failed: the copy is removed, or it is kept and a person is asked.'),
      startOrder: z
        .array(name())
        .optional()
        .describe('All workloads in the order of start. Default: by priority and dependsOn.')
        .meta({ examples: [['ledger', 'api', 'web']] }),
    })
    .describe('How drills are held.')
    .meta({ id: 'Drill' });
