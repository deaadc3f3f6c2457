import { setTimeout as pause } from 'node:timers/promises';

/**
 * A read of many objects costs the API server and the worker time that they need for other things. Each leaves a debt of some
 * times what it took, which passes with time; a few may come at once, and what is asked for beyond that waits.
 */
const debtMs = { least: 50, most: 600, perRead: 3, allowed: 250 } as const;

/**
 * A read that many callers share. Each gets the answer of a request that was sent after it had asked, so that it never sees
 * what was there before; all who ask while one is on its way, or soon after a few others, share the next.
 */
export class BatchedRead<Result> {
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<Result> | undefined;
  #debtPaidAt = 0;

  constructor(private readonly load: () => Promise<Result>) {}

  async fresh(): Promise<Result> {
    if (this.#next !== undefined) return this.#next;
    const next = this.#running.then(
      async () => this.#begin(),
      async () => this.#begin(),
    );
    this.#next = next;
    return next;
  }

  async #begin(): Promise<Result> {
    const wait = this.#debtPaidAt - performance.now() - debtMs.allowed;
    if (wait > 0) await pause(wait);
    // Whoever asks from now on is too late for this one.
    this.#next = undefined;
    const began = performance.now();
    const running = this.load();
    this.#running = running;
    try {
      return await running;
    } finally {
      const now = performance.now();
      const debt = Math.min(debtMs.most, Math.max(debtMs.least, debtMs.perRead * (now - began)));
      this.#debtPaidAt = Math.max(this.#debtPaidAt, now) + debt;
    }
  }
}
