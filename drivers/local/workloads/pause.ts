import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, but not beyond a cancellation: then it throws the reason of the signal. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await sleep(milliseconds, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
}
