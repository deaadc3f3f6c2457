import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';

export interface WorkerProcess {
  readonly pid: number;
  /** How it ended, as the rest of a sentence; undefined while it runs. */
  readonly ended: () => string | undefined;
  readonly stop: () => Promise<void>;
  /** SIGKILL, as a crash would be. */
  readonly kill9: () => Promise<void>;
}

export interface WorkerOptions {
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
  /** What it says is added to this file. */
  readonly logFile: string;
}

const root = path.join(__dirname, '..', '..');

/** Starts the program of a worker as a process of its own, in the way in which workers/main.ts is started. */
export function startWorkerProcess({ program, env, logFile }: WorkerOptions): WorkerProcess {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, ['--require', require.resolve('tsx/cjs'), program], {
    cwd: root,
    stdio: ['ignore', log, log],
    env,
  });
  closeSync(log);
  let ended: string | undefined;
  const gone = once(child, 'exit').then(([code, signal]) => {
    ended = `ended with ${signal ?? `exit code ${code}`}`;
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await gone;
  };
  return { pid: child.pid ?? 0, ended: () => ended, stop: () => end('SIGTERM'), kill9: () => end('SIGKILL') };
}
