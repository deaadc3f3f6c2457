import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { askAgain } from '../../core/model/query-too-early';
import { protectionWorkflowId, queries } from '../../core/model/names';
import type { ProtectionState } from '../../core/model/protection';
import type { Runbook } from '../../core/model/runbook';
import { searchAttributes } from '../../core/model/search-attributes';
import { formatDiagnostic } from '../../core/runbook/diagnostic';
import { parseRunbook } from '../../core/runbook/parse-runbook';
import { findTemporalServer } from '../../workers/temporal-server/find-temporal-server';
import { lastLogLines } from '../../workers/temporal-server/last-log-lines';
import { startTemporalServer, type RunningServer } from '../../workers/temporal-server/start-temporal-server';
import { benchRunbook, type BenchShape } from '../plan/bench-runbook';
import type { MemoryWorkerSettings } from './memory-worker-settings';
import { startWorkerProcess, type WorkerProcess } from './worker-process';

export interface LabOptions extends BenchShape, Pick<MemoryWorkerSettings, 'stepMs' | 'plan'> {
  /** So many protection groups of the same shape; one, unless given. */
  readonly copies?: number;
  /** The sites outlive the worker. */
  readonly keepSites?: boolean;
}

/** A Temporal server and a worker of the product over in-memory sites, each a process of its own. */
export interface Lab {
  readonly groups: readonly string[];
  readonly client: Client;
  readonly server: () => RunningServer;
  readonly worker: () => WorkerProcess;
  /** SIGKILL, and a new process at once. */
  readonly crashWorker: () => Promise<void>;
  readonly crashServer: () => Promise<void>;
}

const readyWithinMs = 90_000;

/** Puts up server and worker, waits until the group is protected, and takes everything down again. */
export async function withLab<Result>(options: LabOptions, use: (lab: Lab) => Promise<Result>): Promise<Result> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-bench-'));
  const started: { server?: RunningServer; worker?: WorkerProcess; connection?: Connection } = {};
  try {
    const binary = await serverBinary();
    const serverOptions = {
      binary,
      dbFile: path.join(home, 'temporal.db'),
      logFile: path.join(home, 'temporal.log'),
      searchAttributes,
      uiPort: false,
    } as const;
    const server = (started.server = await startTemporalServer(serverOptions));
    const { address } = server;
    const groups = Array.from({ length: options.copies ?? 1 }, (_, index) => `${options.group}-${index + 1}`);
    const env = await workerEnvironment(home, address, { ...options, groups });
    const startWorker = () => (started.worker = startWorkerProcess(env, path.join(home, 'worker.log')));
    const worker = startWorker();
    const connection = (started.connection = await Connection.connect({ address }));
    const client = new Client({ connection, interceptors: { workflow: [{ query: askAgain }] } });
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

async function workerEnvironment(
  home: string,
  address: string,
  { groups, ...options }: LabOptions & Pick<Lab, 'groups'>,
): Promise<NodeJS.ProcessEnv> {
  const folder = path.join(home, 'runbooks');
  await mkdir(folder);
  const settings: MemoryWorkerSettings = {
    runbooks: await Promise.all(groups.map((group) => writeRunbook(folder, { ...options, group }))),
    stepMs: options.stepMs,
    plan: options.plan,
    ...(options.keepSites && { stateFile: path.join(home, 'sites.json') }),
  };
  const settingsFile = path.join(home, 'worker.json');
  const profile = path.join(home, 'temporal-profile.toml');
  await Promise.all([writeFile(settingsFile, JSON.stringify(settings)), writeFile(profile, '[profile.default]\n')]);
  return {
    ...withoutSettings(process.env),
    TEMPORAL_ADDRESS: address,
    TEMPORAL_CONFIG_FILE: profile,
    SWITCHBACK_HOME: home,
    SWITCHBACK_RUNBOOKS: folder,
    BENCH_WORKER: settingsFile,
  };
}

async function writeRunbook(folder: string, shape: BenchShape): Promise<Runbook> {
  const file = `${shape.group}.yaml`;
  const yaml = benchRunbook(shape);
  const parsed = parseRunbook(yaml, file);
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
  await writeFile(path.join(folder, file), yaml);
  return parsed.runbook;
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
