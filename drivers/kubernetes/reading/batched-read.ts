/**
 * A read that many callers share. Each gets the answer of a request that was sent after it had asked, so that it never sees
 * what was there before; all who ask while one is on its way share the next.
 */
export class BatchedRead<Result> {
  #running: Promise<unknown> | undefined;
  #next: Promise<Result> | undefined;

  constructor(private readonly load: () => Promise<Result>) {}

  async fresh(): Promise<Result> {
    if (this.#next !== undefined) return this.#next;
    const before = this.#running ?? Promise.resolve();
    const next = before.then(
      async () => this.#begin(),
      async () => this.#begin(),
    );
    this.#next = next;
    return next;
  }

  async #begin(): Promise<Result> {
    // Whoever asks from now on is too late for this one.
    this.#next = undefined;
    const running = this.load();
    this.#running = running;
    try {
      return await running;
    } finally {
      if (this.#running === running) this.#running = undefined;
    }
  }
}
