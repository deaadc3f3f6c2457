import { setTimeout as sleep } from 'node:timers/promises';
import { SwitchbackFailure } from '../../core/model/failure';
import { lastLogLines } from '../../workers/temporal-server/last-log-lines';
import { startWorker, type WorkerOptions, type WorkerProcess } from '../stack/worker-process';

/** A worker that ends sooner than this has something wrong with it. */
const shortLifeMs = 5_000;
const mostShortLives = 3;

/** Starts the worker again whenever it ends, so that it can be killed to see what happens. Rejects when it does not stay up. */
export async function keepWorker(
  first: WorkerProcess,
  options: WorkerOptions & { readonly say: (text: string) => void; readonly signal: AbortSignal },
): Promise<never> {
  let worker = first;
  for (let shortLives = 0; ;) {
    const since = Date.now();
    const how = await worker.ended;
    options.signal.throwIfAborted();
    shortLives = Date.now() - since < shortLifeMs ? shortLives + 1 : 0;
    if (shortLives >= mostShortLives) {
      const log = await lastLogLines(worker.logFile);
      throw new SwitchbackFailure('NoWorker', `the worker ${how} again and again; its log ends with:\n${log}`);
    }
    await sleep(200, undefined, { signal: options.signal });
    worker = startWorker(options);
    options.say(`the worker ${how}; another one starts (process ${worker.pid})`);
  }
}
