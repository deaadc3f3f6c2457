import { z } from 'zod';
import type { AttestationInput } from '../model/attestation';
import { noticeKinds } from '../model/notice';
import { verdictNames } from '../model/verdict';

/**
 * The shape of what the workflow `attestation` is given. Anybody who can reach the server can start one; of another shape it
 * ends at once. Fields of a later version are let through.
 */
const text = z.string().min(1).max(2000);
const instant = z.iso.datetime();

const facts = z.looseObject({
  site: text,
  healthySeconds: z.number().exactOptional(),
  data: z.array(z.looseObject({ volume: text, asOf: text.exactOptional() })),
  byHand: z.array(text),
});

const drill = z.looseObject({
  workflowId: text,
  runId: text,
  group: text,
  planHash: text,
  requestedBy: z.string(),
  verdict: z.enum(verdictNames),
  because: z.string(),
  startedAt: instant,
  endedAt: instant,
  facts,
});

const notice = z.looseObject({
  name: text,
  on: z.array(z.enum(noticeKinds)),
  urlFrom: text,
  format: z.enum(['cloudevents', 'slack']),
  secretFrom: text.exactOptional(),
});

export const attestationInputShape = z.looseObject({
  drill,
  policy: z.looseObject({
    by: z.array(text),
    remindSeconds: z.number().positive(),
    signed: z.literal('required').exactOptional(),
  }),
  keys: z.record(z.string(), text),
  notices: z.array(notice),
  progress: z
    .looseObject({ since: instant, reminders: z.int().min(0), remindedAt: instant.exactOptional() })
    .exactOptional(),
}) satisfies z.ZodType<AttestationInput>;
