import { z } from 'zod';
import { check } from './schema/check';
import { operations } from './schema/operation';
import { notice } from './schema/notice';
import { objectives } from './schema/objectives';
import { people } from './schema/people';
import { replication } from './schema/replication';
import { duration, name, prose } from './schema/scalars';
import { schedules } from './schema/schedule';
import { sites } from './schema/site';
import { stage } from './schema/stage';
import { record } from './schema/traffic';
import { volume } from './schema/volume';
import { workload } from './schema/workload';

/** What people write. parse-runbook.ts makes a core/model/runbook.ts `Runbook` of it. */
export const runbookSchema = z
  .strictObject({
    switchback: z
      .literal(1, {
        error: ({ input }) =>
          `UnsupportedVersion: version ${JSON.stringify(input)?.slice(0, 40)} of the runbook language is not known; write 1`,
      })
      .describe('Version of the runbook language.'),
    group: name()
      .describe('Name of the protection group: what is recovered together. Also the name of the runbook.')
      .meta({ examples: ['shop'] }),
    description: prose()
      .default('')
      .describe('What the application is, for people.')
      .meta({ examples: ['A small shop in three tiers'] }),
    objectives,
    sites,
    workloads: z.array(workload).min(1).max(2000).describe('The services of the application.'),
    volumes: z.array(volume).max(2000).default([]).describe('The data of the application.'),
    replication: replication.prefault({}),
    stage,
    traffic: z.array(record).max(500).default([]).describe('The names by which customers reach the application.'),
    integrity: z
      .array(check)
      .max(500)
      .default([])
      .describe('Asked at the new site before the commit point of a planned move.'),
    people,
    notices: z.array(notice).max(20).default([]).describe('Who is told of what, beside the run.'),
    operations: operations.prefault({}),
    schedules,
    execution: z
      .strictObject({
        concurrency: z.int().min(1).max(1000).default(50).describe('Steps in flight at most.'),
        heartbeat: duration({ atMost: '1h' })
          .default('10s')
          .describe('A step that is silent for so long counts as lost and is tried again.'),
      })
      .prefault({})
      .describe('How plans are executed.'),
  })
  .describe('A Switchback runbook: one application that lives on two sites.');

/** A runbook as written, with the defaults filled in. */
export type WrittenRunbook = z.output<typeof runbookSchema>;
