import { z } from 'zod';
import { CHOICE_WORDS } from '../../running/point-choice';
import { order } from './order';
import { pointChoice } from './point-choice';
import { duration, line } from './scalars';

const attestation = z
  .strictObject({
    by: z
      .array(line(254))
      .max(100)
      .default([])
      .describe('People or groups who may attest drills. Without any: anyone.')
      .meta({ examples: [['ana@example.com', 'sre']] }),
    remind: duration({ atMost: '30d' })
      .default('1d')
      .describe('How long after the last time people are reminded of a drill that nobody has attested.')
      .meta({ examples: ['12h'] }),
    signed: z
      .enum(['required', 'optional'])
      .default('optional')
      .describe('required: only what is signed with a key of `people` counts.'),
  })
  .describe('Who says of a drill that is over whether it passed.')
  .meta({ id: 'Attestation' });

/** @param gates the gates of any operation. */
export const drill = <Gates extends z.ZodType>(gates: Gates) =>
  z
    .strictObject({
      gates,
      keep: duration({ atMost: '30d' })
        .default('0s')
        .describe('How long the copy is held, healthy, for people to look at before it is removed.')
        .meta({ examples: ['30m'] }),
      recoveryPoint: pointChoice()
        .default('latest')
        .describe(`What the copy is made from: ${CHOICE_WORDS}. "latest" is the replica as it is.`)
        .meta({ examples: ['latest'] }),
      roundTrip: z
        .boolean()
        .default(false)
        .describe(
          'Whether the way back is rehearsed as well: reprotect and failback, with a second copy at the other site.',
        ),
      onFailure: z
        .enum(['ask', 'rollback'])
        .default('rollback')
        .describe('What follows when a step has failed: the copy is removed, or it is kept and a person is asked.'),
      startOrder: order().describe('All workloads in the order of start. Default: by priority and dependsOn.'),
      attestation: attestation
        .optional()
        .describe('Who says of a drill that is over whether it passed. Default: anyone, reminded once a day.')
        .meta({ examples: [{ by: ['sre'], remind: '12h' }] }),
    })
    .describe('How drills are held.')
    .meta({ id: 'Drill' });
