import os from 'node:os';
import type { Connection } from '@temporalio/client';
import { Worker, type NativeConnection } from '@temporalio/worker';
import { CONTROL_TASK_QUEUE, siteTaskQueue } from '../core/model/names';
import { createActivities, type RecoveryActivities } from '../activities/create-activities';
import { GroupClient } from '../activities/group-client';
import { createHooks } from '../activities/hooks/hooks';
import { createQuiescer } from '../activities/hooks/quiesce';
import { ReportFolder } from '../activities/report-folder';
import { RunClient } from '../activities/run-client';
import { RunbookFolder } from '../activities/runbook-folder';
import { ScheduleClient } from '../activities/schedule-client';
import type { DriverSet } from '../drivers/driver-set';
import { Evidence } from '../evidence/evidence';
import { openEvidence } from '../evidence/evidence-place';
import { createClient } from '../temporal/create-client';
import { dataConverter } from '../temporal/data-converter';
import { surroundingsOf } from '../temporal/surroundings';
import { resetStickyQueues } from './reset-sticky-queues';
import { registerSearchAttributes } from './register-search-attributes';
import type { WorkerSettings } from './settings';
import { Telemetry } from './telemetry/telemetry';
import { workflowBundle } from './workflow-bundle';

export interface WorkerParts {
  readonly settings: WorkerSettings;
  readonly drivers: DriverSet;
  readonly connection: Connection;
  readonly native: NativeConnection;
  readonly namespace: string;
  readonly say: (line: string) => void;
  /** Absent: neither metrics nor traces. */
  readonly telemetry?: Telemetry;
  /** Instead of the product's own of the same name: measurements run plans of their own shape. */
  readonly activities?: Partial<RecoveryActivities>;
}

/** Steps in flight at most, over all queues of this process. */
const MOST_STEPS = 600;
/**
 * After a crash, work that waits for the dead worker's own queue goes to the others after this long; the SDK's default of 10 s
 * is most of what a killed worker costs (12 to 17 s by default, 3.4 to 3.8 s with this and a short heartbeat).
 */
const STICKY_TIMEOUT = '1 second';

/** The workers of this process: one for the workflows, one for each site. Resolves `run` when they were shut down. */
export async function createWorkers(parts: WorkerParts): Promise<{ run(): Promise<void>; shutdown(): void }> {
  const { settings, connection, native, namespace, telemetry = new Telemetry({}) } = parts;
  await registerSearchAttributes(connection, namespace);
  const client = await createClient(connection, namespace, telemetry.tracing);
  const { workflow, schedule } = client;
  const groups = new GroupClient(workflow);
  const runbooks = new RunbookFolder(settings.runbookFolder);
  const evidence = new Evidence(await openEvidence(settings.evidence));
  const hooks = {
    allowedCommands: settings.allowedCommands,
    environment: process.env,
    outputFolder: settings.reportFolder,
  };
  const activities = {
    ...createActivities({
      drivers: telemetry.drivers(parts.drivers),
      runbooks,
      groups,
      runs: new RunClient(workflow),
      schedules: new ScheduleClient(schedule),
      reports: new ReportFolder(settings.reportFolder, evidence),
      surroundings: ({ group, ...run }) =>
        surroundingsOf({ connection, state: () => groups.state(group), webUi: settings.webUi }, { namespace, ...run }),
      evidence,
      hooks: createHooks(hooks),
      quiescer: createQuiescer(hooks),
      worker: `${os.hostname()}:${process.pid}`,
    }),
    ...parts.activities,
  };
  const common = {
    connection: native,
    namespace,
    dataConverter,
    activities,
    maxConcurrentActivityTaskExecutions: MOST_STEPS,
    shutdownGraceTime: '10 seconds',
    ...telemetry.workerOptions,
  };
  const queues = (await sitesOf(settings, runbooks, parts.say)).map(siteTaskQueue);
  const workers = await Promise.all(queues.map((taskQueue) => Worker.create({ ...common, taskQueue })));
  if (settings.control) {
    const control = {
      ...common,
      taskQueue: CONTROL_TASK_QUEUE,
      workflowBundle: await workflowBundle(),
      stickyQueueScheduleToStartTimeout: STICKY_TIMEOUT,
    };
    workers.push(await Worker.create(control));
    // Only a gain of time: what cannot be listed or reset waits for STICKY_TIMEOUT.
    await resetStickyQueues(connection, namespace).catch(() => undefined);
    if (settings.protect) await protectAll(runbooks, groups, parts.say);
  }
  const metrics = telemetry.groups(client, runbooks);
  return {
    run: async () => {
      await Promise.all([metrics?.run(), ...workers.map((worker) => worker.run())]);
    },
    shutdown: () => {
      metrics?.stop();
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    },
  };
}

/** The sites to serve: those asked for, or all that valid runbooks name. */
async function sitesOf(
  settings: WorkerSettings,
  runbooks: RunbookFolder,
  say: WorkerParts['say'],
): Promise<readonly string[]> {
  if (settings.sites) return settings.sites;
  const names = new Set<string>();
  for (const name of await runbooks.names()) {
    try {
      const { sites } = (await runbooks.load(name)).runbook;
      names.add(sites.primary.name).add(sites.recovery.name);
    } catch (error) {
      say(`runbook ${name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return [...names].sort();
}

async function protectAll(runbooks: RunbookFolder, groups: GroupClient, say: WorkerParts['say']): Promise<void> {
  for (const name of await runbooks.names()) {
    const valid = await runbooks.load(name).then(
      () => true,
      () => false,
    );
    if (!valid) continue;
    await groups.protect(name);
    say(`protection group ${name} is looked after`);
  }
}
