import { z } from 'zod';
import { duration } from './scalars';

const keepRule = z
  .strictObject({
    every: duration()
      .describe('One point is kept in each such span of time.')
      .meta({ examples: ['1h'] }),
    for: duration()
      .describe('For points younger than this.')
      .meta({ examples: ['1d'] }),
  })
  .describe('Keep one recovery point every so often, for so long.')
  .meta({ id: 'KeepRule' });

const keepRules = () => z.array(keepRule).min(1).max(10);

const defaultKeep = [
  { every: '10m', for: '1h' },
  { every: '1h', for: '1d' },
  { every: '1d', for: '30d' },
];

const failbackPolicy = z
  .strictObject({
    rpo: duration().default('15m').describe('Recovery point objective of the reverse direction.'),
    every: duration()
      .optional()
      .describe(
        'Time between two passes. Default: that of the forward direction, or the objective when that is shorter.',
      ),
    points: z
      .strictObject({
        every: duration()
          .optional()
          .describe('Time between two recovery points. Default: that of the forward direction.'),
        keep: keepRules().optional().describe('Which points are kept. Default: all, for 24 hours.'),
      })
      .prefault({})
      .describe('Recovery points of the reverse direction.'),
    applicationPoints: duration().default('1h').describe('Time between two application-consistent recovery points.'),
  })
  .describe(
    'The policy of the reverse direction: recovery to primary, after reprotect. All of it is derived unless given.',
  )
  .meta({ id: 'FailbackPolicy' });

export const replication = z
  .strictObject({
    every: duration()
      .default('10s')
      .describe('Time between two passes of replication.')
      .meta({ examples: ['1s'] }),
    points: z
      .strictObject({
        every: duration().default('10m').describe('Time between two recovery points.'),
        keep: keepRules().default(defaultKeep).describe('Which points are kept, the finest rule first.'),
      })
      .prefault({})
      .describe('Recovery points at the standby site.'),
    failback: failbackPolicy.prefault({}),
  })
  .describe('How the data gets from the active site to the standby.');
