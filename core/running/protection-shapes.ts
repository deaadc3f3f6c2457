import { z } from 'zod';
import { evidenceKinds } from '../model/evidence';
import {
  text,
  epoch,
  site,
  direction,
  phase,
  operation,
  run,
  holder,
  summary,
  heldDrill,
  attestedDrill,
  stageSummary,
  instances,
  state,
} from './state-shape';

/**
 * The shapes of what the `protection` workflow is given. It outlives every run and holds the lock of its group, so nothing that
 * anyone sends may break it. Fields of a later version are let through.
 */
export const protectionInputShape = z.looseObject({
  runbook: z.string().min(1).max(200),
  state: state.exactOptional(),
  evidence: z.array(z.looseObject({ group: text, id: text, kind: z.enum(evidenceKinds) })).exactOptional(),
});

/** What runs ask of the group, by the name of the update. */
export const groupUpdateShapes = {
  acquire: z.looseObject({
    group: text,
    runbook: text,
    holder,
    resumeOf: run.exactOptional(),
    anew: z.literal(true).exactOptional(),
    deadHolder: z.looseObject({ runId: text, closedAs: text }).exactOptional(),
  }),
  release: z.looseObject({
    group: text,
    holder,
    summary,
    phase,
    epoch,
    activeSite: site,
    because: z.string(),
    unkept: z.literal(true).exactOptional(),
  }),
  commit: z.looseObject({ runId: text, operation, epoch, activeSite: site, direction }),
  pauseReplication: z.looseObject({ runId: text }),
  resumeReplication: z.looseObject({ runId: text, direction: direction.exactOptional() }),
  staged: z.looseObject({ group: text, pass: stageSummary }),
  instances: z.looseObject({
    group: text,
    runId: text,
    epoch,
    activeSite: site,
    seenAt: text,
    instances: z.record(z.string(), instances),
  }),
  replace: z.looseObject({
    runbook: text,
    state,
    seen: z.string().exactOptional(),
    forget: z.literal(true).exactOptional(),
  }),
  attestation: z.looseObject({ group: text, drill: z.union([attestedDrill, heldDrill]) }),
};

/** What is wrong with it, in one line, or undefined. */
export function problemsOf(shape: z.ZodType, value: unknown): string | undefined {
  const { error } = shape.safeParse(value);
  return error?.issues
    .map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`)
    .join('; ')
    .slice(0, 1000);
}
