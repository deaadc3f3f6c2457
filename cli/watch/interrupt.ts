/** Exit code of a command that was ended by ctrl-c, as shells know it. */
export const INTERRUPTED = 130;

/** Aborts on the first ctrl-c, for the time of `use`; a second one ends the process as usual. */
export async function interruptible<T>(use: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interrupt = (): void => {
    controller.abort();
    // What hides the cursor for the live view listens as well, and ends the process when it finds itself the only one: not `once`.
    setImmediate(() => process.off('SIGINT', interrupt));
  };
  process.on('SIGINT', interrupt);
  try {
    return await use(controller.signal);
  } finally {
    process.off('SIGINT', interrupt);
  }
}
