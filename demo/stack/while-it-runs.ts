import { SwitchbackFailure } from '../../core/model/failure';
import { lastLogLines } from '../../workers/temporal-server/last-log-lines';
import type { Stack } from './stack';

const lookEveryMs = 500;

/** Waits for the work, unless a process that it needs ends before: then for nothing more. */
export async function whileItRuns<T>({ worker, temporal, lab }: Stack, work: Promise<T>): Promise<T> {
  const needed = [
    { name: 'the Temporal server', pid: temporal.pid },
    { name: 'the name server', pid: lab.dns.pid },
  ];
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_, reject) => {
    void worker.ended.then(async (how) =>
      reject(
        new SwitchbackFailure(
          'NoWorker',
          `the worker ${how}; its log ends with:\n${await lastLogLines(worker.logFile)}`,
        ),
      ),
    );
    timer = setInterval(() => {
      const gone = needed.find(({ pid }) => pid !== undefined && !isThere(pid));
      if (gone) reject(new SwitchbackFailure('StepFailed', `${gone.name} (process ${gone.pid}) has ended`));
    }, lookEveryMs);
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    clearInterval(timer);
  }
}

/** Our own children, which we have not forgotten: nobody else has got their pid. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
