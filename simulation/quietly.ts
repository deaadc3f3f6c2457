import type { CallContext } from '../drivers/ports';

/** A call that nobody cancels and nobody watches. */
export const quietly = (): CallContext => ({ signal: new AbortController().signal, progress: () => undefined });
