import { z } from 'zod';
import { addedStepPhases } from '../../model/added-step';
import { command, duration, line, name, prose, variableName } from './scalars';

/** The keys of which a step has exactly one, and those of which its inverse has. */
export const actionKinds = ['command', 'webhook', 'manual'] as const;
export const hookKinds = ['command', 'webhook'] as const;
export const moments = ['before', 'after'] as const;

const place = () =>
  z
    .strictObject({
      phase: z.enum(addedStepPhases).describe('Phase of the plan. There is none before the gates.'),
      priority: z.int().min(1).max(100).optional().describe('Only this priority group of the phase stop or start.'),
      workload: name().optional().describe('Only this workload, in the phase stop or start.'),
    })
    .meta({ examples: [{ phase: 'stop', workload: 'ledger' }] });

const hookKeys = {
  command: command()
    .optional()
    .describe("A program on the worker's allow-list, by its absolute path, and its arguments, without a shell.")
    .meta({ examples: [['/usr/local/bin/freeze-deploys', 'on']] }),
  webhook: z
    .strictObject({
      urlFrom: variableName()
        .describe('Environment variable of the worker that holds the address.')
        .meta({ examples: ['BILLING_URL'] }),
      secretFrom: variableName()
        .optional()
        .describe('Environment variable of the worker with the secret that signs the body. Default: unsigned.')
        .meta({ examples: ['BILLING_SECRET'] }),
    })
    .optional()
    .describe('A POST that is signed and tried again, with an idempotency key.')
    .meta({ id: 'Webhook' }),
  timeout: duration({ atMost: '1h' })
    .optional()
    .describe('How long the command, or one try of the webhook, may take. Default: 1m, of a webhook 10s (at most 1m).')
    .meta({ examples: ['2m'] }),
};

const inverse = z
  .strictObject(hookKeys)
  .describe('Runs at a rollback when the step was begun. Must do no harm when the step did nothing.')
  .meta({ id: 'InverseHook', oneOf: hookKinds.map((kind) => ({ required: [kind] })) });

const manual = z
  .strictObject({
    instructions: prose()
      .min(1)
      .describe('What is to be done, in Markdown.')
      .meta({ examples: ['Look at the invoices of today in **billing**.'] }),
    who: z
      .array(line(254))
      .max(100)
      .default([])
      .describe('People or groups who may say that it is done. Default: anyone.')
      .meta({ examples: [['ana@example.com', 'sre']] }),
    within: duration({ atMost: '90d' })
      .optional()
      .describe('When nobody has answered by then, the step has failed. Default: it waits as long as it takes.')
      .meta({ examples: ['30m'] }),
    remind: duration({ atMost: '30d' })
      .optional()
      .describe('How long after the last time people are reminded.')
      .meta({ examples: ['10m'] }),
  })
  .describe('Something that a person does, and says how it went.')
  .meta({ id: 'Manual' });

export const addedStep = z
  .strictObject({
    name: name()
      .describe('Name of the step, unique among the steps and gates of the operation.')
      .meta({ examples: ['freeze-deploys'] }),
    before: place().optional().describe('It is done before the first step of this place starts.'),
    after: place()
      .optional()
      .describe('It starts after the last step of this place, and what comes next waits for it.'),
    ...hookKeys,
    manual: manual.optional(),
    inverse: inverse.optional(),
    mayStay: z
      .boolean()
      .default(false)
      .describe('What it has done may stay done after a rollback: it needs no inverse, and nobody is told to undo it.'),
    onFailure: z
      .enum(['fail', 'ask', 'continue'])
      .default('fail')
      .describe(
        'What follows when it has failed. fail: what the operation says of failed steps. ask: a person is asked. continue: it is left out.',
      ),
    site: line(63)
      .optional()
      .describe(
        'Whose worker runs a command: primary, recovery, or the name of a site. Default: the site where workloads stop or start, else the one that the operation leads to.',
      )
      .meta({ examples: ['primary'] }),
    mode: z
      .enum(['planned', 'unplanned'])
      .optional()
      .describe('Only for failover: only in this mode. Default: in both.'),
  })
  .describe('A hook (command or webhook) or a manual step. Has exactly one of before and after, and one of the three.')
  .meta({
    id: 'AddedStep',
    allOf: [
      { oneOf: moments.map((moment) => ({ required: [moment] })) },
      { oneOf: actionKinds.map((kind) => ({ required: [kind] })) },
    ],
  });
