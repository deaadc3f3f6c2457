interface TimeLimit {
  readonly ms: number;
  /** Ends the work as well. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Work that is told to end by its signal when its time is over; `late` says whether that is why.
 *
 * Not by `AbortSignal.timeout`: where only an `AbortSignal.any` refers to one, Node 20 takes it for garbage, and it never fires.
 */
export async function withinTime<Result>(
  { ms, signal }: TimeLimit,
  work: (signal: AbortSignal, late: () => boolean) => Promise<Result>,
): Promise<Result> {
  const limit = new AbortController();
  const timer = setTimeout(
    () => limit.abort(new DOMException(`not within ${ms} ms`, 'TimeoutError')),
    Math.min(ms, LONGEST_TIMER_MS),
  );
  const either = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]);
  try {
    return await work(either, () => limit.signal.aborted);
  } finally {
    clearTimeout(timer);
  }
}

/** A longer one would fire at once: timers count in 32 bits. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;
