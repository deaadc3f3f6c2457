import type { WorkerProcess, WorkerSupply } from './worker-process';

/** A worker that dies at each of these failpoints, once, and is replaced at once each time. */
export class KilledAgainAndAgain {
  private readonly left: Set<string>;
  private worker: WorkerProcess;
  private stopping = false;
  private readonly watching: Promise<void>;

  /** `suspendedAt`: where the first worker is suspended besides. */
  constructor(
    private readonly workers: WorkerSupply,
    failpoints: readonly string[],
    suspendedAt: readonly string[] = [],
  ) {
    this.left = new Set(failpoints);
    this.worker = workers.start({ failpoints: [...this.left, ...suspendedAt] });
    this.watching = this.watch();
    // Nobody takes the place of a worker that has ended otherwise: what waits for one would wait for ever.
    this.watching.catch((error: Error) => workers.giveUp(error));
  }

  /** The one that runs now. */
  get current(): WorkerProcess {
    return this.worker;
  }

  /** Lets the last worker end. Gives the failpoints that nobody came by. */
  async stop(): Promise<readonly string[]> {
    this.stopping = true;
    await this.worker.stop();
    await this.watching;
    return [...this.left];
  }

  private async watch(): Promise<void> {
    for (;;) {
      const how = await this.worker.ended;
      if (this.stopping) return;
      const { met } = this.worker;
      if (how !== 'SIGKILL' || met === undefined || !this.left.delete(met)) {
        throw new Error(`the worker ended with ${how} at ${met ?? 'no failpoint'}: ${this.worker.lastWords()}`);
      }
      this.worker = this.workers.start({ failpoints: [...this.left] });
    }
  }
}
