import { z } from 'zod';
import { command, duration } from './scalars';

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
    applicationPoints: duration()
      .default('1h')
      .describe(
        'Time between two application-consistent recovery points, when `replication.applicationPoints` says how they are made.',
      ),
  })
  .describe(
    'The policy of the reverse direction: recovery to primary, after reprotect. All of it is derived unless given.',
  )
  .meta({ id: 'FailbackPolicy' });

const quiesceCommand = () => command().meta({ examples: [['/usr/local/bin/shop-quiesce', 'on']] });

const applicationPoints = z
  .strictObject({
    every: duration().default('1h').describe('Time between two sets of application-consistent recovery points.'),
    quiesce: quiesceCommand().describe(
      "A program on the worker's allow-list that makes the application keep still: all it has acknowledged is in its files. Run at the active site.",
    ),
    resume: quiesceCommand().describe(
      'Lets the application go on. It is always run after `quiesce`, whatever happened, perhaps twice: it must do no harm then.',
    ),
    timeout: duration({ atMost: '1h' })
      .default('30s')
      .describe('The longest that the application is kept still, from the beginning of `quiesce`.'),
  })
  .describe(
    'How the application is made to keep still for recovery points. Default: all points are as after a power cut.',
  )
  .meta({ id: 'ApplicationPoints' });

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
    applicationPoints: applicationPoints.optional(),
    failback: failbackPolicy.prefault({}),
  })
  .describe('How the data gets from the active site to the standby.');
