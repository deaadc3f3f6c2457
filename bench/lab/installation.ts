import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection, type Client } from '@temporalio/client';
import { protectionWorkflowId, queries } from '../../core/model/names';
import type { ProtectionState } from '../../core/model/protection';
import type { Runbook } from '../../core/model/runbook';
import { searchAttributes } from '../../core/model/search-attributes';
import { formatDiagnostic } from '../../core/runbook/diagnostic';
import { parseRunbook } from '../../core/runbook/parse-runbook';
import { createClient } from '../../temporal/create-client';
import { findTemporalServer } from '../../workers/temporal-server/find-temporal-server';
import { lastLogLines } from '../../workers/temporal-server/last-log-lines';
import { startTemporalServer, type RunningServer } from '../../workers/temporal-server/start-temporal-server';
import { startWorkerProcess, type WorkerProcess } from './worker-process';

export interface InstallationOptions {
  /** As YAML; each is found by the name of its group. */
  readonly runbooks: readonly string[];
  /** Program of the worker. */
  readonly program: string;
  /** What the worker is told besides where its home, its runbooks and its server are. */
  readonly environment: (home: string, runbooks: readonly Runbook[]) => Promise<Readonly<Record<string, string>>>;
}

/** A Temporal server and a worker of the product, each a process of its own. */
export interface Installation {
  /** Names of the groups, in the order of their runbooks. */
  readonly groups: readonly string[];
  readonly client: Client;
  readonly server: () => RunningServer;
  readonly worker: () => WorkerProcess;
  /** SIGKILL, and a new process at once. */
  readonly crashWorker: () => Promise<void>;
  readonly crashServer: () => Promise<void>;
}

const readyWithinMs = 90_000;

/** Puts up server and worker, waits until the groups are protected, and takes everything down again. */
export async function withInstallation<Result>(
  options: InstallationOptions,
  use: (installation: Installation) => Promise<Result>,
): Promise<Result> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-bench-'));
  const started: { server?: RunningServer; worker?: WorkerProcess; connection?: Connection } = {};
  try {
    const serverOptions = {
      binary: await serverBinary(),
      dbFile: path.join(home, 'temporal.db'),
      logFile: path.join(home, 'temporal.log'),
      searchAttributes,
      uiPort: false,
    } as const;
    const server = (started.server = await startTemporalServer(serverOptions));
    const { address } = server;
    const folder = path.join(home, 'runbooks');
    await mkdir(folder);
    const runbooks = await Promise.all(options.runbooks.map((yaml) => writeRunbook(folder, yaml)));
    const env = { ...(await commonEnvironment(home, address)), ...(await options.environment(home, runbooks)) };
    const startWorker = () =>
      (started.worker = startWorkerProcess({ program: options.program, env, logFile: path.join(home, 'worker.log') }));
    const worker = startWorker();
    const connection = (started.connection = await Connection.connect({ address }));
    const client = await createClient(connection);
    const groups = runbooks.map(({ group }) => group);
    for (const group of groups) await untilProtected(client, group, { worker, home });
    return await use({
      groups,
      client,
      server: () => started.server ?? server,
      worker: () => started.worker ?? worker,
      crashWorker: async () => {
        await started.worker?.kill9();
        startWorker();
      },
      crashServer: async () => {
        await started.server?.kill9();
        const port = Number(address.split(':')[1]);
        started.server = await startTemporalServer({ ...serverOptions, port });
      },
    });
  } finally {
    await started.connection?.close();
    await started.worker?.kill9();
    await started.server?.kill9();
    await rm(home, { recursive: true, force: true });
  }
}

/** A server that others use must not be killed, so that one of our own is started whatever the environment names. */
async function serverBinary(): Promise<string> {
  const { TEMPORAL_ADDRESS: _others, ...env } = process.env;
  const found = await findTemporalServer({ say: () => undefined, env });
  if (found.kind !== 'binary') throw new Error('the benchmark needs the Temporal CLI to start a server of its own');
  return found.path;
}

async function writeRunbook(folder: string, yaml: string): Promise<Runbook> {
  const parsed = parseRunbook(yaml, 'runbook.yaml');
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
  await writeFile(path.join(folder, `${parsed.runbook.group}.yaml`), yaml);
  return parsed.runbook;
}

async function commonEnvironment(home: string, address: string): Promise<NodeJS.ProcessEnv> {
  const profile = path.join(home, 'temporal-profile.toml');
  await writeFile(profile, '[profile.default]\n');
  return {
    ...withoutSettings(process.env),
    TEMPORAL_ADDRESS: address,
    TEMPORAL_CONFIG_FILE: profile,
    SWITCHBACK_HOME: home,
    SWITCHBACK_RUNBOOKS: path.join(home, 'runbooks'),
  };
}

/** What a person has set for a worker of their own is not meant for this one. */
const withoutSettings = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(SWITCHBACK|TEMPORAL)_/.test(name)));

async function untilProtected(
  client: Client,
  group: string,
  { worker, home }: { readonly worker: WorkerProcess; readonly home: string },
): Promise<void> {
  const handle = client.workflow.getHandle(protectionWorkflowId(group));
  const deadline = Date.now() + readyWithinMs;
  for (let saw = 'nothing'; ; await pause(50)) {
    const state = await handle.query<ProtectionState | null>(queries.state).catch((error: unknown) => String(error));
    if (state !== null && typeof state === 'object' && state.replication.lastPassAt !== undefined) return;
    saw = JSON.stringify(state).slice(0, 500);
    if (worker.ended() === undefined && Date.now() < deadline) continue;
    const log = await lastLogLines(path.join(home, 'worker.log'));
    throw new Error(`the worker ${worker.ended() ?? `does not serve: ${saw}`}; its log ends with:\n${log}`);
  }
}
