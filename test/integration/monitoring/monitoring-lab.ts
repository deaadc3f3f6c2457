import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Connection, type Client } from '@temporalio/client';
import { searchAttributes } from '../../../core/model/search-attributes';
import { createClient } from '../../../temporal/create-client';
import { findTemporalServer } from '../../../workers/temporal-server/find-temporal-server';
import { freePort } from '../../../workers/temporal-server/loopback-port';
import { startTemporalServer } from '../../../workers/temporal-server/start-temporal-server';
import { writeRunbook } from '../workflows/write-runbook';

const root = path.join(__dirname, '..', '..', '..');

/** A worker process that is scraped and read as an installation's would be. */
export interface ScrapedWorker {
  readonly metricsAddress: string;
  /** The metrics as they are now; undefined while nothing answers. */
  scrape(): Promise<string | undefined>;
  /** Scrapes until the text is as wanted. */
  until(wanted: (text: string) => boolean): Promise<string>;
  /** What it has logged so far. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

export interface MonitoringLab {
  readonly client: Client;
  readonly home: string;
  worker(env?: Readonly<Record<string, string>>): Promise<ScrapedWorker>;
  /** Runs a command line as a process of its own; its output. Fails when it does. */
  cli(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  stop(): Promise<void>;
}

/** A Temporal server of its own and worker processes over in-memory sites. */
export async function startMonitoringLab(yaml: string): Promise<MonitoringLab> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-monitoring-'));
  await writeRunbook(home, yaml);
  const found = await findTemporalServer({ say: () => undefined, env: { ...process.env, TEMPORAL_ADDRESS: '' } });
  if (found.kind !== 'binary') throw new Error('a test needs a server of its own');
  const files = { dbFile: path.join(home, 'temporal.db'), logFile: path.join(home, 'temporal.log') };
  const server = await startTemporalServer({ binary: found.path, ...files, searchAttributes, uiPort: false });
  const connection = await Connection.connect({ address: server.address });
  const env = {
    ...process.env,
    TEMPORAL_ADDRESS: server.address,
    SWITCHBACK_HOME: home,
    SWITCHBACK_RUNBOOKS: path.join(home, 'runbooks'),
    SWITCHBACK_USER: 'ana@example.com',
  };
  const workers: ScrapedWorker[] = [];
  return {
    client: await createClient(connection),
    home,
    worker: async (more = {}) => {
      const logFile = path.join(home, `worker-${workers.length}.log`);
      const worker = await startWorker({ ...env, ...more }, logFile);
      workers.push(worker);
      return worker;
    },
    cli: (args, more = {}) => output(['--require', 'tsx/cjs', 'cli/main.ts', ...args], { ...env, ...more }),
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
      await connection.close();
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function startWorker(env: NodeJS.ProcessEnv, logFile: string): Promise<ScrapedWorker> {
  const metricsAddress = `127.0.0.1:${await freePort()}`;
  const log = openSync(logFile, 'a');
  const program = path.join(__dirname, 'memory-worker.ts');
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', program], {
    cwd: root,
    stdio: ['ignore', log, log],
    env: { ...env, SWITCHBACK_METRICS: metricsAddress },
  });
  closeSync(log);
  const ended = once(child, 'exit');
  const scrape = (): Promise<string | undefined> =>
    fetch(`http://${metricsAddress}/metrics`).then(
      (answer) => answer.text(),
      () => undefined,
    );
  return {
    metricsAddress,
    scrape,
    until: async (wanted) => {
      for (;;) {
        const text = await scrape();
        if (text !== undefined && wanted(text)) return text;
        if (child.exitCode !== null) throw new Error(`the worker has ended:\n${await readFile(logFile, 'utf8')}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    log: () => readFile(logFile, 'utf8'),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}

async function output(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, args, { cwd: root, env });
  let text = '';
  const keep = (chunk: Buffer): void => void (text += chunk.toString());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${args.slice(2).join(' ')} ended with exit code ${String(code)}: ${text}`);
  return text;
}
