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

const root = path.join(__dirname, '..', '..');

/** Starts bench/lab/memory-worker.ts as a process of its own, in the way in which workers/main.ts is started. */
export function startWorkerProcess(env: NodeJS.ProcessEnv, logFile: string): WorkerProcess {
  const log = openSync(logFile, 'a');
  const program = path.join(__dirname, 'memory-worker.ts');
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
