import { setTimeout as pause } from 'node:timers/promises';
import { isStatus, KubeError } from './kube-error';

const firstPauseMs = 25;
const longestPauseMs = 2_000;
/** With the pauses between them, about ten seconds: a controller that is busy with an object is long done by then. */
const mostTries = 12;

/**
 * A request that is repeated, after a pause that grows, until nobody else changes the object in between. Throws the last 409 as a
 * `KubeError` that says what to look at when that does not end, what else `attempt` throws, or the reason of the signal.
 */
export async function againOnConflict<Result>(signal: AbortSignal, attempt: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!isStatus(error, 409)) throw error;
      if (tries === mostTries) throw inVain(error);
      await pause(pauseMs(tries), undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Half of it by chance, so that those who are in each other's way do not come back in step. */
const pauseMs = (tries: number): number =>
  Math.min(firstPauseMs * 2 ** (tries - 1), longestPauseMs) * (0.5 + Math.random() / 2);

function inVain({ status, reason, message }: KubeError): KubeError {
  const fix = 'find out what writes it with `kubectl get --show-managed-fields -o yaml`, stop that, and retry';
  return new KubeError(status, reason, `${message} (somebody else changed it at each of ${mostTries} tries; ${fix})`);
}
