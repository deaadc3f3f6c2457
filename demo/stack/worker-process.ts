import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { markVariable } from './home-processes';

export interface WorkerOptions {
  readonly home: string;
  readonly runbookFolder: string;
  /** Names the Temporal server. */
  readonly env: NodeJS.ProcessEnv;
  /** Where Prometheus finds its metrics; absent: nowhere. */
  readonly metrics?: string;
}

export interface WorkerProcess {
  readonly pid: number;
  readonly logFile: string;
  /** How it ended, as the rest of a sentence. */
  readonly ended: Promise<string>;
  /** Lets it finish what it does, for three seconds at most. */
  stop(): Promise<void>;
}

const root = path.join(__dirname, '..', '..');
const graceMs = 3_000;

/** Starts workers/main.ts as a process of its own, its log in the home. */
export function startWorker({ home, runbookFolder, env, metrics }: WorkerOptions): WorkerProcess {
  const logFile = path.join(home, 'worker.log');
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, ['--require', require.resolve('tsx/cjs'), path.join(root, 'workers/main.ts')], {
    cwd: root,
    stdio: ['ignore', log, log],
    env: {
      ...withoutSettings(env),
      SWITCHBACK_HOME: home,
      SWITCHBACK_RUNBOOKS: runbookFolder,
      ...(metrics !== undefined && { SWITCHBACK_METRICS: metrics }),
    },
  });
  closeSync(log);
  const ended = once(child, 'exit').then(([code, signal]) => `ended with ${signal ?? `exit code ${code}`}`);
  return {
    pid: child.pid ?? 0,
    logFile,
    ended,
    stop: async () => {
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(timer);
    },
  };
}

/** What a person has set for a worker of their own is not meant for this one. */
const withoutSettings = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => name === markVariable || !name.startsWith('SWITCHBACK_')));
