import { z } from 'zod';
import { operationNames } from '../model/operation';
import type { ProtectionState } from '../model/protection';
import { reasonCodes, type ReasonCode } from '../model/readiness-codes';
import { dataLossStatuses } from '../model/run-figures';
import { attestationVerdicts, verdictNames } from '../model/verdict';

/** The shapes of the state of a group and of its parts. Fields of a later version are let through. */
export const text = z.string().min(1).max(1000);
export const epoch = z.int().min(0);
export const site = z.enum(['primary', 'recovery']);
export const direction = z.enum(['primary-to-recovery', 'recovery-to-primary', 'none']);
export const phase = z.enum(['Protected', 'FailedOver', 'ReverseProtected', 'Recovering', 'Incomplete']);
export const operation = z.enum(operationNames);
const fencing = z.enum(['unfenced', 'fenced', 'declared-lost', 'unconfirmed']);
const epochs = z.looseObject({ from: epoch, to: epoch, rollback: epoch });
export const run = z.looseObject({ workflowId: text, runId: text });
export const holder = z.looseObject({
  workflowId: text,
  runId: text,
  operation,
  since: text,
  continues: z.literal(true).exactOptional(),
});
const seconds = z.number().min(0);
const amount = z.int().min(0);
const measured = z.looseObject({
  size: z.looseObject({
    mode: z.enum(['planned', 'unplanned']),
    strategy: z.enum(['cold', 'warm']),
    workloads: amount,
    volumes: amount,
    records: amount,
    hooks: amount,
  }),
  workSeconds: seconds,
  interruptionSeconds: seconds.exactOptional(),
  recoverySeconds: seconds.exactOptional(),
});
const evidenceHead = z.looseObject({ sequence: amount, hash: text });
const stretch = z.looseObject({ seconds, peopleSeconds: seconds });
const figures = z.looseObject({
  mode: z.enum(['planned', 'unplanned']).exactOptional(),
  requestedBy: z.string().max(200).exactOptional(),
  recovery: stretch.exactOptional(),
  downtime: stretch.exactOptional(),
  dataLoss: z.looseObject({ status: z.enum(dataLossStatuses), seconds: seconds.exactOptional() }),
});
export const summary = z.looseObject({
  workflowId: text,
  runId: text,
  operation,
  verdict: z.enum(verdictNames),
  startedAt: text,
  finishedAt: text,
  measured: measured.exactOptional(),
  evidence: evidenceHead.exactOptional(),
  figures: figures.exactOptional(),
});

const replication = z.looseObject({
  direction,
  paused: z.boolean(),
  rpoSeconds: z.number().exactOptional(),
  asOf: z.record(z.string(), z.string()),
  lastPassAt: text.exactOptional(),
  lastPointAt: text.exactOptional(),
  lastError: z.string().exactOptional(),
  application: z
    .looseObject({
      triedAt: text,
      last: z.looseObject({ id: text, quiescedAt: text }).exactOptional(),
      stillSeconds: z.number().exactOptional(),
      lastError: z.string().exactOptional(),
      quiesced: z
        .looseObject({
          set: text,
          site,
          since: text,
          resume: z.array(z.string()),
          lastError: z.string().exactOptional(),
        })
        .exactOptional(),
    })
    .exactOptional(),
});

const incomplete = z.looseObject({
  ...run.shape,
  operation,
  before: phase,
  because: z.string(),
  epochs: epochs.exactOptional(),
});

export const heldDrill = z.looseObject({ ...run.shape, endedAt: text });
export const attestedDrill = z.looseObject({
  ...heldDrill.shape,
  verdict: z.enum(attestationVerdicts),
  by: text,
  at: text,
  keyId: text.exactOptional(),
});
const count = z.int().min(0);
const drills = z.looseObject({
  passed: count,
  failed: count,
  unattested: z.array(heldDrill),
  more: count,
  attested: z.array(attestedDrill),
});

const findings = z.array(z.looseObject({ object: z.string(), because: z.string() }));
export const stageSummary = z.looseObject({
  from: text,
  to: text,
  finishedAt: text,
  created: count,
  changed: count,
  deleted: count,
  unchanged: count,
  kept: findings,
  troubles: findings,
  keptCount: count,
  troubleCount: count,
});
const stage = z.looseObject({ last: stageSummary.exactOptional(), lastError: z.string().exactOptional() });

export const instances = z.looseObject({
  replicas: count.exactOptional(),
  wanted: z.record(z.string(), count).exactOptional(),
  switchedOff: z.array(z.string()).exactOptional(),
});

const readiness = z.looseObject({
  state: z.enum(['Ready', 'AtRisk', 'NotReady']),
  reasons: z.array(
    z.looseObject({
      code: z.enum(Object.keys(reasonCodes) as [ReasonCode, ...ReasonCode[]]),
      severity: z.enum(['error', 'warning']),
      operations: z.array(z.string()).exactOptional(),
      site: z.string().exactOptional(),
      subject: z.string(),
      what: z.string(),
      doThis: z.string(),
      since: text,
    }),
  ),
  more: count.exactOptional(),
  uncovered: z.array(z.string()).exactOptional(),
  evaluatedAt: text,
  tookSeconds: seconds,
  runbookHash: text.exactOptional(),
});

export const state = z.looseObject({
  group: text,
  phase,
  activeSite: site,
  epoch,
  highestEpoch: epoch,
  replication,
  fencing: z.looseObject({ primary: fencing, recovery: fencing }),
  holder: holder.exactOptional(),
  lastProven: phase.exactOptional(),
  handed: epochs.exactOptional(),
  incomplete: incomplete.exactOptional(),
  interrupted: incomplete.exactOptional(),
  drill: holder.exactOptional(),
  drillLag: z.looseObject({ seconds: z.number(), at: text }).exactOptional(),
  drillLeft: z.looseObject({ ...run.shape, because: z.string(), since: text }).exactOptional(),
  drills: drills.exactOptional(),
  runbookTrouble: z.string().exactOptional(),
  instances: z.record(z.string(), z.looseObject({ ...instances.shape, seenAt: text })).exactOptional(),
  stage: stage.exactOptional(),
  readiness: readiness.exactOptional(),
  breach: z.looseObject({ since: text, lagSeconds: z.number() }).exactOptional(),
  evidence: z
    .looseObject({
      trouble: z.string().exactOptional(),
      head: evidenceHead.exactOptional(),
      sampledUntil: text.exactOptional(),
      terms: text.exactOptional(),
    })
    .exactOptional(),
  moved: z.looseObject({ at: text, sha256: text }).exactOptional(),
  runs: z.array(summary),
}) satisfies z.ZodType<ProtectionState>;
