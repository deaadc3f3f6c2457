import { z } from 'zod';
import { CHOICE_WORDS } from '../core/running/point-choice';
import { attestationVerdicts } from '../core/model/verdict';

/**
 * What people send to a run: one JSON object each, as a signal (for the Web UI) or as an update (answered at once).
 * Parsed with `safeParse` inside the workflow, so that no message can break a run.
 */
const by = z.string().trim().min(1).max(200).describe('Who sends it, for the record: "ana@example.com"');
const reason = z.string().trim().min(1).max(2000).describe('Why, for the record');
const step = z.string().min(1).max(300).describe('Id of the failed step; may be left out when only one has failed');

const gate = z.string().min(1).max(200).optional().describe('Name of the gate; may be left out when one is open');
const comment = z.string().max(2000).optional().describe('For the record');
const planHash = z
  .string()
  .min(1)
  .max(100)
  .optional()
  .describe('Hash of the plan that was looked at; another is refused');
/** 64 bytes: what cannot be a signature is refused at once, without an activity that verifies it. */
const ED25519_SIGNATURE_FORM = /^[A-Za-z0-9+/]{86}==$/;
const signature = z
  .strictObject({
    at: z.iso.datetime(),
    value: z.string().regex(ED25519_SIGNATURE_FORM, 'is not an Ed25519 signature (64 bytes) in base64'),
  })
  .optional()
  .describe('Made by `switchback approve --key FILE`; needed where the runbook has a publicKey of the sender');

const evidence = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .optional()
  .describe('Address of what proves it');

export const decideMessage = z.strictObject({
  gate,
  by,
  decision: z
    .enum(['approve', 'decline', 'done', 'failed'])
    .describe('approve or decline: at an approval. done or failed: of a manual step'),
  comment,
  evidence: evidence.describe('Of a manual step: address of what proves it'),
  planHash,
  signature,
});

const withdrawMessage = z.strictObject({ gate, by, comment, signature });
const delegateMessage = z.strictObject({
  gate,
  by,
  to: z.string().trim().min(1).max(200).describe('Who decides instead; the sender: the place is taken back'),
  comment,
  signature,
});

const pauseMessage = z.strictObject({ by, reason: reason.optional() });
const resumeMessage = z.strictObject({ by, reason: reason.optional() });
const retryMessage = z
  .strictObject({
    by,
    reason: reason.optional(),
    step: step.optional(),
    all: z.literal(true).optional().describe('All failed steps; the same as naming none'),
  })
  .refine((message) => message.step === undefined || message.all === undefined, {
    message: 'names one step and asks for all: leave one of the two out',
    path: ['all'],
  });
const skipMessage = z.strictObject({ by, reason, step: step.optional() });
const markDoneMessage = z.strictObject({ by, reason, step: step.optional() });
const rollbackMessage = z.strictObject({ by, reason: reason.optional() });
const choosePointMessage = z.strictObject({
  recoveryPoint: z.string().trim().min(1).max(200).describe(CHOICE_WORDS),
  by,
  reason,
});
const abortMessage = z.strictObject({ by, reason: reason.optional() });

/** Every message with its schema and the sentence that the Web UI shows beside its name. */
export const messages = {
  decide: {
    schema: decideMessage,
    description:
      'Approve or decline at a gate: {"gate":"cutover","by":"ana@example.com","decision":"approve"}; of a manual step: "done" or "failed"',
  },
  withdraw: {
    schema: withdrawMessage,
    description:
      'Take back a decision while the gate is open, or by who asked for the run the whole run: {"by":"ana@example.com"}',
  },
  delegate: {
    schema: delegateMessage,
    description: 'Let somebody else decide in your place: {"by":"ana@example.com","to":"bo@example.com"}',
  },
  pause: { schema: pauseMessage, description: 'Start no further step; what runs finishes: {"by":"ana@example.com"}' },
  resume: { schema: resumeMessage, description: 'Go on after a pause: {"by":"ana@example.com"}' },
  retry: {
    schema: retryMessage,
    description:
      'Try all failed steps again: {"by":"ana@example.com","all":true} or one: {"by":"ana@example.com","step":"..."}',
  },
  skip: {
    schema: skipMessage,
    description:
      'Leave a failed step out (never one that guards data or fencing): {"by":"ana@example.com","reason":"..."}',
  },
  markDone: {
    schema: markDoneMessage,
    description:
      'Count a failed step as done by hand, verified where that is possible: {"by":"ana@example.com","reason":"..."}',
  },
  rollback: {
    schema: rollbackMessage,
    description: 'Back to the beginning, before the commit point: {"by":"ana@example.com"}',
  },
  abort: { schema: abortMessage, description: 'Stop here; the group is then Incomplete: {"by":"ana@example.com"}' },
  choosePoint: {
    schema: choosePointMessage,
    description:
      'Start an unplanned failover, or a drill, from another recovery point, until it is committed: {"recoveryPoint":"latest-application-consistent","by":"ana@example.com","reason":"..."}',
  },
} as const;

export type MessageName = keyof typeof messages;

/** To the workflow `attestation` of a drill that is over, and to no run. */
export const attestMessage = {
  schema: z.strictObject({
    by,
    verdict: z.enum(attestationVerdicts).describe('Whether the drill counts as passed or as failed'),
    notes: z.string().trim().min(1).max(2000).describe('What was seen, for the record'),
    evidence,
    planHash,
    signature,
  }),
  description:
    'Say of a drill that is over whether it passed: {"by":"ana@example.com","verdict":"passed","notes":"..."}',
} as const;

/** "2026-12-05T22:00" in the gate's time zone, or an instant with offset. */
const windowInput = z.strictObject({
  start: z.string().min(1).max(40).optional(),
  durationSeconds: z.number().int().positive().optional(),
});

const commonInput = {
  runbook: z.string().min(1).max(200).describe('Name of a runbook in the folder of the worker'),
  requestedBy: by.optional(),
  reason: reason.optional(),
  windows: z
    .record(z.string(), windowInput)
    .optional()
    .describe('Start or length of maintenance windows, by gate name'),
  expectPlan: z.string().optional().describe('Hash of the plan that was looked at; another one is refused'),
  resumeOf: z
    .strictObject({
      workflowId: z.string().min(1),
      runId: z.string().min(1),
      acceptChanges: z
        .literal(true)
        .optional()
        .describe('Go on although what it did is not so any more: somebody has looked at the sites'),
    })
    .optional()
    .describe('A run that ended early: its plan is continued where it stopped'),
};

const follows = z
  .strictObject({ runId: z.string().min(1), begun: z.array(z.string()), by, reason })
  .optional()
  .describe('Given by the run before it, of the same id, when another recovery point was chosen');

export const failoverInput = z.strictObject({
  ...commonInput,
  mode: z.enum(['planned', 'unplanned']).default('planned'),
  recoveryPoint: z.string().min(1).optional().describe(`${CHOICE_WORDS}; only of an unplanned failover`),
  follows,
  declareLost: z.strictObject({ by, reason }).optional().describe('A named person says that the active site is gone'),
});

export const drillChoices = {
  keepSeconds: z
    .number()
    .min(0)
    .max(30 * 86_400)
    .optional()
    .describe('How long the copy is held before it is removed'),
  keepUntil: z.iso.datetime({ offset: true }).optional().describe('Instant until which the copy is held'),
  roundTrip: z.boolean().optional().describe('Rehearse the way back as well, with a second copy at the other site'),
  recoveryPoint: z.string().min(1).optional().describe(`What the copy is made from: ${CHOICE_WORDS}`),
};

export const drillInput = z.strictObject({ ...commonInput, ...drillChoices, follows });

export const reprotectInput = z.strictObject(commonInput);
export const failbackInput = z.strictObject(commonInput);

export type FailoverInput = z.infer<typeof failoverInput>;
export type OperationInput = z.infer<typeof reprotectInput> &
  Partial<Omit<FailoverInput & z.infer<typeof drillInput>, keyof z.infer<typeof reprotectInput>>>;
