import { z } from 'zod';
import { policyPhases } from '../../model/failure-policy';
import { addedStep } from './added-step';
import { drill } from './drill';
import { DAY_OR_TIME_FORM, isDayOrTime } from '../local-time';
import { order } from './order';
import { recurrence } from './recurrence';
import { because, duration, line, localTime, name, prose } from './scalars';

/** More gates than this in one operation help nobody; also a bound on the work that time zones make. */
export const MOST_GATES = 20;
/** So with steps that a runbook adds to an operation. */
export const MOST_ADDED_STEPS = 100;

const mode = () =>
  z.enum(['planned', 'unplanned']).optional().describe('Only for failover: ask only in this mode. Default: in both.');

const approval = z
  .strictObject({
    name: name()
      .describe('Name of the gate, unique in the operation.')
      .meta({ examples: ['cutover'] }),
    prompt: prose()
      .min(1)
      .default('Go ahead?')
      .describe('What the people are asked.')
      .meta({ examples: ['Move the shop back to alpha?'] }),
    approvers: z
      .array(line(254))
      .max(100)
      .default([])
      .describe('People or groups who may decide. Without any: anyone, or with a quorum the people of its groups.')
      .meta({ examples: [['ana@example.com', 'sre']] }),
    required: z.int().min(1).max(20).default(1).describe('How many different people must approve.'),
    quorum: z
      .record(name(), z.int().min(1).max(20))
      .optional()
      .describe('How many different people of which group must be among them. Nobody counts twice.')
      .meta({ examples: [{ sre: 1, owners: 1 }] }),
    requesterMayApprove: z
      .boolean()
      .default(false)
      .describe('Whether whoever asked for the run may approve it as well.'),
    expires: duration({ atMost: '90d' })
      .optional()
      .describe('How long the gate may wait for people. Default: as long as it takes.')
      .meta({ examples: ['8h'] }),
    onExpiry: z
      .enum(['decline', 'ask-again'])
      .default('decline')
      .describe('What follows when it has expired: the run ends, or everybody is asked anew.'),
    remind: duration({ atMost: '30d' })
      .optional()
      .describe('How long after the last time people are reminded.')
      .meta({ examples: ['30m'] }),
    signed: z
      .enum(['required', 'optional'])
      .default('optional')
      .describe('required: only decisions that are signed with a key of `people` count.'),
    mode: mode(),
  })
  .describe('A person must approve.')
  .meta({ id: 'Approval' });

export const DEFAULT_WINDOW_NAME = 'maintenance';

const windowRule = z
  .strictObject({
    start: localTime()
      .describe('Local date and time at which it begins.')
      .meta({ examples: ['2026-12-24T00:00'] }),
    duration: duration({ atMost: '30d' })
      .describe('How long it lasts.')
      .meta({ examples: ['3d'] }),
    repeat: recurrence().optional().describe('A recurrence rule of RFC 5545. Default: once.'),
  })
  .describe('A stretch of time, in the time zone of its window.')
  .meta({ id: 'WindowRule' });

const dayOrTime = () =>
  z
    .string()
    .refine(
      isDayOrTime,
      because('InvalidStart', (shown) => `${shown} is not a date such as "2026-12-20", with or without a time of day`),
    )
    .meta({ pattern: DAY_OR_TIME_FORM.source });

const blackout = z
  .strictObject({
    from: dayOrTime()
      .optional()
      .describe('Local day, or day and time, with which it begins.')
      .meta({ examples: ['2026-12-20'] }),
    to: dayOrTime()
      .optional()
      .describe('Local day with the end of which it is over, or day and time at which it is.')
      .meta({ examples: ['2027-01-02'] }),
    start: windowRule.shape.start.optional(),
    duration: windowRule.shape.duration.optional(),
    repeat: windowRule.shape.repeat,
    reason: line(200)
      .optional()
      .describe('Why; shown with the openings that it cuts.')
      .meta({ examples: ['year-end freeze'] }),
  })
  .describe('When no window is open, in the time zone of its window. Has either from and to, or start and duration.')
  .meta({ id: 'Blackout', oneOf: [{ required: ['from', 'to'] }, { required: ['start', 'duration'] }] });

const window = z
  .strictObject({
    name: name().default(DEFAULT_WINDOW_NAME).describe('Name of the gate, unique in the operation.'),
    start: localTime()
      .optional()
      .describe('Local date and time at which the window opens. Default: given when the run is started.')
      .meta({ examples: ['2026-12-05T22:00'] }),
    repeat: recurrence()
      .optional()
      .describe('How it opens again: a recurrence rule of RFC 5545 that begins at `start`. Default: it opens once.'),
    also: z.array(windowRule).max(20).default([]).describe('Further openings, beside the first.'),
    blackouts: z
      .array(blackout)
      .max(50)
      .default([])
      .describe('When no window is open, whatever the rest says; an opening is cut by it.'),
    overrun: z
      .enum(['finish', 'ask', 'rollback'])
      .default('finish')
      .describe(
        'What follows when the window closes while steps still run: they finish; a person is asked; or it is rolled back, where that is still possible.',
      ),
    duration: duration({ atMost: '30d' })
      .describe('How long it stays open.')
      .meta({ examples: ['2h'] }),
    timeZone: line(64)
      .default('UTC')
      .describe('IANA time zone of the start.')
      .meta({ examples: ['Europe/Berlin'] }),
    mode: mode(),
  })
  .describe('The operation waits for a maintenance window.')
  .meta({ id: 'Window' });

/** The keys of which a gate has exactly one. */
export const gateKinds = ['approval', 'window'] as const;

const gate = z
  .strictObject({ approval: approval.optional(), window: window.optional() })
  .describe('A stop with a reason. Has exactly one of approval and window.')
  .meta({ id: 'Gate', oneOf: gateKinds.map((kind) => ({ required: [kind] })) });

const gates = () =>
  z.array(gate).max(MOST_GATES).default([]).describe('In the order in which they are passed, before anything changes.');

const failurePolicy = z
  .strictObject({
    retry: z.int().min(0).max(20).default(0).describe('How often it is tried again by itself before what `then` says.'),
    every: duration({ whole: 'seconds', atMost: '1d' })
      .default('10s')
      .describe('How long after each failure.')
      .meta({ examples: ['1m'] }),
    then: z
      .enum(['ask', 'rollback', 'continue'])
      .default('ask')
      .describe(
        'What follows then: ask a person, roll back (before the commit point), or leave the step out. A step that guards data or fencing is never left out: a person is asked.',
      ),
  })
  .describe('What follows when a step of the phase has failed after its own tries.')
  .meta({ id: 'FailurePolicy' });

const phaseNames = Object.keys(policyPhases) as (keyof typeof policyPhases)[];

const failurePolicies = z
  .strictObject(
    Object.fromEntries(phaseNames.map((phase) => [phase, failurePolicy.optional()])) as Record<
      (typeof phaseNames)[number],
      z.ZodOptional<typeof failurePolicy>
    >,
  )
  .describe('By phase of the plan, as `switchback plan` shows them.')
  .meta({ id: 'FailurePolicies' });

const operation = z
  .strictObject({
    gates: gates(),
    strategy: z
      .enum(['cold', 'warm'])
      .default('cold')
      .describe(
        'cold: stop at the source, then start at the target. warm: start stateless workloads at the target first.',
      ),
    onFailure: z
      .enum(['ask', 'rollback'])
      .default('ask')
      .describe(
        'What follows when a step has failed after its retries: ask a person, or roll back (before the commit point). The short form of `failurePolicy`, for every phase.',
      ),
    failurePolicy: failurePolicies
      .optional()
      .describe('What follows when a step of a phase has failed after its retries. Default: what `onFailure` says.')
      .meta({ examples: [{ start: { retry: 2, every: '1m' }, finish: { then: 'continue' } }] }),
    startOrder: order().describe('All workloads in the order of start. Default: by priority and dependsOn.'),
    stopOrder: order().describe('All workloads in the order of stop. Default: the reverse of the start.'),
    steps: z
      .array(addedStep)
      .max(MOST_ADDED_STEPS)
      .default([])
      .describe('Hooks and manual steps. Those at the same place come one after another, in this order.'),
  })
  .meta({ id: 'Operation' });

export const operations = z
  .strictObject({
    failover: operation.prefault({}).describe('Primary to recovery, planned or after a disaster.'),
    reprotect: operation.prefault({}).describe('Replication from recovery to primary, after a failover.'),
    failback: operation.prefault({}).describe('The planned return, recovery to primary.'),
    drill: drill(gates()).optional().describe('A rehearsal on copies at the standby site, removed afterwards.'),
  })
  .describe('What people decide about each operation.');
