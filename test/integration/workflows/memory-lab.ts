import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Connection, type Client, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import type { RecoveryActivities } from '../../../activities/create-activities';
import { CONTROL_TASK_QUEUE } from '../../../core/model/names';
import type { ProtectionState } from '../../../core/model/protection';
import type { RunStatus } from '../../../core/model/run';
import type { Runbook } from '../../../core/model/runbook';
import { searchAttributes } from '../../../core/model/search-attributes';
import { createMemoryWorld, type MemoryWorld } from '../../../drivers/memory/memory-world';
import { createClient } from '../../../temporal/create-client';
import { createWorkers } from '../../../workers/run-workers';
import { findTemporalServer } from '../../../workers/temporal-server/find-temporal-server';
import { startTemporalServer } from '../../../workers/temporal-server/start-temporal-server';
import { writeRunbook } from './write-runbook';

/** A real Temporal server and a real worker in this process, over in-memory sites. */
export interface MemoryLab {
  readonly client: Client;
  readonly world: MemoryWorld;
  readonly runbook: Runbook;
  readonly home: string;
  /** Of the Temporal server. */
  readonly address: string;
  /** URL of the Temporal Web UI, when it was asked for and the server is one of our own. */
  readonly webUi?: string;
  start(operation: string, input?: object, workflowId?: string): Promise<WorkflowHandle>;
  status(handle: WorkflowHandle): Promise<RunStatus>;
  state(): Promise<ProtectionState>;
  /** Waits until the run looks as wanted; fails with what it looks like when it has ended otherwise. */
  until(handle: WorkflowHandle, wanted: (status: RunStatus) => boolean): Promise<RunStatus>;
  /** Does something while no worker runs; what was sent meanwhile is heard at once when one is back. */
  whileAway(work: () => Promise<void>): Promise<void>;
  tearDown(): Promise<void>;
}

const quiet = { signal: new AbortController().signal, progress: () => undefined };

export async function startMemoryLab(
  yaml: string,
  options: {
    driver?: string;
    allowedCommands?: readonly string[];
    webUi?: boolean;
    /** Further runbooks of the worker. */
    others?: readonly string[];
    /** Instead of the product's own. */
    activities?: Partial<RecoveryActivities>;
  } = {},
): Promise<MemoryLab> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-memory-'));
  const runbook = await writeRunbook(home, yaml);
  const others = await Promise.all((options.others ?? []).map((other) => writeRunbook(home, other)));
  const found = await findTemporalServer({ say: () => undefined });
  const server = found.kind === 'binary' ? await startServer(found.path, home, options.webUi) : undefined;
  const address = server?.address ?? (found.kind === 'address' ? found.address : '');
  const [connection, native] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  const world = await populatedWorld(runbook, ...others);
  const drivers = {
    // Another name stands for a worker that was started without the driver that runbooks ask for.
    sites: {
      [options.driver ?? 'memory']: { workload: world.workload, replication: world.replication, check: world.check },
    },
    traffic: { memory: world.traffic },
  };
  const settings = {
    runbookFolder: path.join(home, 'runbooks'),
    labFolder: home,
    kubeconfigFolder: home,
    reportFolder: path.join(home, 'reports'),
    evidence: { kind: 'folder' as const, folder: path.join(home, 'evidence') },
    control: true,
    protect: true,
    allowedCommands: options.allowedCommands ?? [],
  };
  const begin = async () => {
    const workers = await createWorkers({
      settings,
      drivers,
      connection,
      native,
      namespace: 'default',
      say: () => undefined,
      ...(options.activities && { activities: options.activities }),
    });
    return { workers, running: workers.run() };
  };
  const end = async ({ workers, running }: Awaited<ReturnType<typeof begin>>): Promise<void> => {
    workers.shutdown();
    await running;
  };
  let there = await begin();
  const client = await createClient(connection);
  return {
    client,
    world,
    runbook,
    home,
    address,
    ...(server?.uiAddress !== undefined && { webUi: server.uiAddress }),
    ...access(client, runbook),
    whileAway: async (work) => {
      await end(there);
      try {
        await work();
      } finally {
        there = await begin();
      }
    },
    tearDown: async () => {
      await end(there);
      await Promise.all([connection.close(), native.close()]);
      await server?.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

let runs = 0;

function access(client: Client, runbook: Runbook) {
  const status = (handle: WorkflowHandle): Promise<RunStatus> => handle.query<RunStatus>('status');
  return {
    status,
    start: (operation: string, input: object = { runbook: runbook.group }, workflowId?: string) => {
      runs += 1;
      return client.workflow.start(operation, {
        taskQueue: CONTROL_TASK_QUEUE,
        workflowId: workflowId ?? `${operation}/${runbook.group}/${runs}`,
        args: [input],
      });
    },
    state: () => client.workflow.getHandle(`protection/${runbook.group}`).query<ProtectionState>('state'),
    until: async (handle: WorkflowHandle, wanted: (status: RunStatus) => boolean): Promise<RunStatus> => {
      for (;;) {
        const now = await status(handle);
        if (wanted(now)) return now;
        if (now.verdict) throw new Error(`${handle.workflowId} has ended: ${now.verdict}: ${now.because ?? ''}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

const startServer = (binary: string, home: string, webUi = false) =>
  startTemporalServer({
    binary,
    dbFile: path.join(home, 'temporal.db'),
    logFile: path.join(home, 'temporal.log'),
    searchAttributes,
    ...(!webUi && { uiPort: false }),
  });

/** All sites, with everything running at the primary ones and its data replicated. */
export async function populatedWorld(...runbooks: readonly Runbook[]): Promise<MemoryWorld> {
  const world = createMemoryWorld({
    sites: [...new Set(runbooks.flatMap(({ sites }) => [sites.primary.name, sites.recovery.name]))],
    records: runbooks.flatMap(({ traffic }) => traffic),
    now: () => Date.now(),
  });
  for (const runbook of runbooks) await populate(world, runbook);
  return world;
}

async function populate(world: MemoryWorld, { sites, group, volumes, workloads }: Runbook): Promise<void> {
  const mutation = { group, operationKey: 'first', epoch: 1 };
  for (const volume of volumes) {
    const place = { site: sites.primary.name, group, volume: volume.name };
    world.customers.put(place, { [volume.marker?.file ?? 'data']: { content: 'one\n', mode: 0o644, modifiedMs: 0 } });
    await world.replication.claim(sites.primary, volume, mutation, quiet);
  }
  for (const workload of workloads) await world.workload.start(sites.primary, workload, mutation, quiet);
}
