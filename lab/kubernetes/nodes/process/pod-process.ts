import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readProcessTable } from '../../../../drivers/local/workloads/process-table';
import { signalProcess } from '../../../../drivers/local/workloads/signal-process';
import { markOf } from '../../../processes/marked-processes';
import type { Mount } from './pod-mounts';

export interface PodProcessOptions {
  /** Of the cluster; its mark is in the environment, so that `down` finds the process. */
  readonly cluster: string;
  /** Of the pod. */
  readonly folder: string;
  readonly logFile: string;
  /** Root folder of the image. */
  readonly image: string;
  readonly mounts: readonly Mount[];
  /** As arguments of setpriv(1). */
  readonly privileges: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The command of a pod, in namespaces of its own for mounts and processes: with its first process all of them end. */
export interface PodProcess {
  /** As containers give it: of a signal 128 and its number. */
  readonly ended: Promise<number>;
  /** SIGTERM to the first process, once, and SIGKILL after the grace time; called again, the shorter one counts. */
  end(graceSeconds: number): void;
}

const rootScript = path.join(__dirname, 'pod-root.sh');
const signals: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
};

export function startPodProcess(options: PodProcessOptions): PodProcess {
  const { cluster, folder, image, mounts, privileges, command, env } = options;
  const log = openSync(options.logFile, 'a');
  const places = mounts.flatMap(({ source, target, readOnly }) => [source, target, readOnly ? 'ro' : 'rw']);
  const child = spawn(
    'setpriv',
    // When the node ends, its pods do, and with the first process of a pod all others, whatever they have become.
    ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', rootScript].concat(
      ...[folder, image, ...places, '--', ...privileges, '--', ...command],
    ),
    { stdio: ['ignore', log, log], detached: true, env: { ...markOf(cluster), ...env } },
  );
  closeSync(log);
  let over = false;
  const ended = new Promise<number>((resolve) => {
    const end = (exitCode: number): void => {
      over = true;
      clearTimeout(timer);
      resolve(exitCode);
    };
    child.once('error', () => end(128));
    child.once('exit', (code, signal) => end(code ?? 128 + (signals[signal ?? ''] ?? 0)));
  });
  const signal = async (name: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    const first = Number(await readFile(path.join(folder, 'pid'), 'utf8').catch(() => '0'));
    const row = readProcessTable().find(first);
    if (over) return;
    // Before there is a first process nothing has to be ended politely.
    if (row === undefined) child.kill('SIGKILL');
    else signalProcess(row, name);
  };
  let timer: NodeJS.Timeout | undefined;
  let killAt = Number.POSITIVE_INFINITY;
  return {
    ended,
    end: (graceSeconds) => {
      if (over) return;
      if (timer === undefined && graceSeconds > 0) void signal('SIGTERM');
      const at = performance.now() + graceSeconds * 1000;
      if (at >= killAt) return;
      killAt = at;
      clearTimeout(timer);
      timer = setTimeout(() => void signal('SIGKILL'), graceSeconds * 1000);
    },
  };
}
