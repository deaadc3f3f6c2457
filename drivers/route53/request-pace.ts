import { setTimeout as pause } from 'node:timers/promises';

/**
 * The account may send so many requests at once, and so many a second after that, over everything in it that uses Route 53.
 * The service refills 10 a second up to 50 (older pages say 5 a second); half of that leaves room for others.
 */
const burst = 25;
const perSecond = 5;

/** Lets a request through when its turn has come. */
export class RequestPace {
  private tokens = burst;
  private filledAt = performance.now();

  async turn(signal?: AbortSignal): Promise<void> {
    const now = performance.now();
    this.tokens = Math.min(burst, this.tokens + ((now - this.filledAt) / 1000) * perSecond);
    this.filledAt = now;
    // Below zero is the length of the queue: whoever comes later waits for longer.
    this.tokens -= 1;
    if (this.tokens < 0) await pause((-this.tokens / perSecond) * 1000, undefined, signal && { signal });
  }
}
