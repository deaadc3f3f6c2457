import { SwitchbackFailure } from '../../core/model/failure';
import { lastLogLines } from '../../workers/temporal-server/last-log-lines';
import type { Stack } from './stack';
import type { WorkerProcess } from './worker-process';

/** A child process of ours that the rest depends on. */
export interface NeededProcess {
  readonly name: string;
  readonly pid: number;
}

const lookEveryMs = 500;

/** Those that nobody starts again when they end. */
export const neededProcesses = ({ temporal, lab }: Stack): readonly NeededProcess[] => [
  ...(temporal.pid === undefined ? [] : [{ name: 'the Temporal server', pid: temporal.pid }]),
  { name: 'the name server', pid: lab.dns.pid },
];

/** Waits for the work, unless a process that it needs ends before: then it would be waited for in vain. */
export async function whileTheyRun<T>(needed: readonly NeededProcess[], work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      const gone = needed.find(({ pid }) => !isThere(pid));
      if (gone) reject(new SwitchbackFailure('StepFailed', `${gone.name} (process ${gone.pid}) has ended`));
    }, lookEveryMs);
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    clearInterval(timer);
  }
}

/** Rejects when the worker ends, with the end of its log. */
export async function workerEnds({ ended, logFile }: WorkerProcess): Promise<never> {
  const how = await ended;
  throw new SwitchbackFailure('NoWorker', `the worker ${how}; its log ends with:\n${await lastLogLines(logFile)}`);
}

/** Our own children, whose end we are told of: nobody else has got their pid. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
