import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { searchAttributes } from '../../../core/model/search-attributes';
import type { Runbook } from '../../../core/model/runbook';
import { parseRunbook } from '../../../core/runbook/parse-runbook';
import { createMemoryWorld, type MemoryWorld } from '../../../drivers/memory/memory-world';
import { createClient } from '../../../temporal/create-client';
import { createWorkers } from '../../../workers/run-workers';
import { findTemporalServer } from '../../../workers/temporal-server/find-temporal-server';
import { startTemporalServer } from '../../../workers/temporal-server/start-temporal-server';
import { until } from '../faults/until';
import { runCommand, type Outcome } from '../../unit/cli/run-command';

const RUNBOOK = `
switchback: 1
group: shop
objectives: { rpo: 60s, rto: 60s }
sites:
  primary: { name: alpha, driver: memory, address: 127.0.1.1, drill: { address: 127.0.3.1 } }
  recovery: { name: beta, driver: memory, address: 127.0.2.1, drill: { address: 127.0.4.1 } }
workloads:
  - { name: ledger, priority: 1, volumes: [orders] }
  - { name: web, priority: 2, dependsOn: [ledger] }
volumes:
  - { name: orders, marker: { file: orders.log } }
replication: { every: 1s }
traffic:
  - { name: shop.example.test, ttl: 2s, moveTtl: 1s, provider: { driver: memory } }
operations:
  failover:
    gates:
      - approval: { name: cutover, prompt: Move the shop to beta? }
  failback:
    gates:
      - window: { name: night, duration: 2h, timeZone: Europe/Berlin }
`;

/** A Temporal server, a worker with sites in memory, and the command line that talks to them. */
export interface Installation {
  readonly address: string;
  readonly world: MemoryWorld;
  readonly runbook: Runbook;
  /** Where the worker keeps evidence. */
  readonly evidenceFolder: string;
  /** Runs a command line as a person without a terminal would. */
  cli(...args: readonly string[]): Promise<Outcome>;
  /** The same with --json; the parsed document. */
  json(...args: readonly string[]): Promise<{ readonly code: number; readonly value: unknown }>;
  /** As an operator would in the Web UI. */
  terminate(workflowId: string): Promise<void>;
  /** As Temporal does when its retention is over. */
  remove(workflowId: string): Promise<void>;
  stopWorker(): Promise<void>;
  stop(): Promise<void>;
}

/** `world`: sites that another installation looks at as well. */
export async function startInstallation(given?: MemoryWorld): Promise<Installation> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-cli-'));
  const runbookFolder = path.join(folder, 'runbooks');
  await mkdir(runbookFolder);
  await writeFile(path.join(runbookFolder, 'shop.yaml'), RUNBOOK);
  const runbook = runbookOf(RUNBOOK);
  const server = await startServer(folder);
  const world = given ?? (await worldOf(runbook));
  const worker = await startWorker(server.address, { folder, runbookFolder, world });
  const evidenceFolder = path.join(folder, 'evidence');
  const env = {
    TEMPORAL_ADDRESS: server.address,
    SWITCHBACK_USER: 'ana@example.com',
    SWITCHBACK_EVIDENCE: evidenceFolder,
  };
  const cli = (...args: readonly string[]): Promise<Outcome> => runCommand(args, env);
  return {
    address: server.address,
    evidenceFolder,
    world,
    runbook,
    cli,
    json: async (...args) => {
      const { code, out } = await cli(...args, '--json');
      return { code, value: JSON.parse(out) as unknown };
    },
    terminate: worker.terminate,
    remove: worker.remove,
    stopWorker: worker.stop,
    stop: async () => {
      await worker.stop();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startServer(folder: string): ReturnType<typeof startTemporalServer> {
  const found = await findTemporalServer({ say: () => undefined, env: { ...process.env, TEMPORAL_ADDRESS: '' } });
  if (found.kind !== 'binary') throw new Error('a test needs a server of its own');
  const files = { dbFile: path.join(folder, 'temporal.db'), logFile: path.join(folder, 'temporal.log') };
  return startTemporalServer({ binary: found.path, ...files, searchAttributes, uiPort: false });
}

function runbookOf(text: string): Runbook {
  const parsed = parseRunbook(text, 'shop.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return parsed.runbook;
}

/** The shop runs at alpha with its data; beta is empty. */
async function worldOf(runbook: Runbook): Promise<MemoryWorld> {
  const world = createMemoryWorld({ sites: ['alpha', 'beta'], records: runbook.traffic, now: () => Date.now() });
  const quietly = { signal: new AbortController().signal, progress: () => undefined };
  const site = runbook.sites.primary;
  const mutation = (step: string) => ({ group: runbook.group, operationKey: `set-up/${step}`, epoch: 1 });
  for (const volume of runbook.volumes) await world.replication.claim(site, volume, mutation('claim'), quietly);
  for (const one of runbook.workloads) await world.workload.start(site, one, mutation(one.name), quietly);
  return world;
}

interface WorkerPlace {
  readonly folder: string;
  readonly runbookFolder: string;
  readonly world: MemoryWorld;
}

let installed = false;

async function startWorker(address: string, { folder, runbookFolder, world }: WorkerPlace) {
  // One for the whole process, however many installations it has.
  if (!installed) Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  installed = true;
  const [connection, native] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  const { workload, replication, check, traffic } = world;
  const workers = await createWorkers({
    settings: {
      runbookFolder,
      labFolder: path.join(folder, 'lab'),
      kubeconfigFolder: folder,
      reportFolder: path.join(folder, 'reports'),
      evidence: { kind: 'folder' as const, folder: path.join(folder, 'evidence') },
      control: true,
      protect: true,
      allowedCommands: [],
    },
    drivers: { sites: { memory: { workload, replication, check } }, traffic: { memory: traffic } },
    connection,
    native,
    namespace: 'default',
    say: () => undefined,
  });
  const running = workers.run();
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (stopped) return;
    stopped = true;
    workers.shutdown();
    await running;
    await Promise.all([connection.close(), native.close()]);
  };
  const client = await createClient(connection);
  const terminate = async (workflowId: string): Promise<void> => {
    await client.workflow.getHandle(workflowId).terminate('by hand');
  };
  const remove = async (workflowId: string): Promise<void> => {
    const workflowExecution = { workflowId };
    await connection.workflowService.deleteWorkflowExecution({ namespace: 'default', workflowExecution });
    const gone = () =>
      client.workflow
        .getHandle(workflowId)
        .describe()
        .then(
          () => false,
          () => true,
        );
    await until(`${workflowId} is gone`, gone);
  };
  return { stop, terminate, remove };
}
