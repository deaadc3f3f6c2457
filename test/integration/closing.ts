/** What was opened, to be closed in the other order, whatever of it is there. */
export class Closing {
  private readonly ways: (() => unknown)[] = [];

  /** Gives what `open` gives. When it does not open, all that was opened before is closed. */
  static async unlessOpen<Lab>(open: (closing: Closing) => Promise<Lab>): Promise<Lab> {
    const closing = new Closing();
    try {
      return await open(closing);
    } catch (error) {
      await closing.close().catch((unclosed: unknown) => {
        throw new AggregateError([error, unclosed], `${String(error)}; ${String(unclosed)}`);
      });
      throw error;
    }
  }

  /** Opened last so far: closed before all the others. */
  first(way: () => unknown): void {
    this.ways.unshift(way);
  }

  /** Of what is opened side by side, and closed so; what is there when another of them has failed is closed as well. */
  async opened<Parts extends readonly unknown[]>(
    openings: readonly [...{ [Index in keyof Parts]: Promise<Parts[Index]> }],
    way: (part: Parts[number]) => unknown,
  ): Promise<Parts> {
    const all: readonly Promise<Parts[number]>[] = openings;
    this.first(async () => {
      const settled = await Promise.allSettled(all);
      await Promise.all(settled.map(async (part) => part.status === 'fulfilled' && way(part.value)));
    });
    const opened: readonly unknown[] = await Promise.all(all);
    return opened as Parts;
  }

  /** Goes on with the others when one cannot be closed, and throws what that one said in the end. */
  async close(): Promise<void> {
    const errors: unknown[] = [];
    for (const way of this.ways.splice(0))
      await Promise.resolve()
        .then(way)
        .catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw new AggregateError(errors, `not closed: ${errors.map(String).join('; ')}`);
  }
}
