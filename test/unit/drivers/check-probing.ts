import type { CheckObservation, CheckSpec, Probe } from '../../../core/model/check';
import { createCheckDriver } from '../../../drivers/check/check-driver';
import type { CheckDriverOptions } from '../../../drivers/check/probe-request';
import type { CheckTarget } from '../../../drivers/ports';

export const target: CheckTarget = {
  group: 'shop',
  site: { driver: 'local', name: 'alpha', address: '127.0.0.1', folder: 'alpha' },
  epoch: 7,
};

export interface Probing extends Partial<CheckDriverOptions> {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly target?: CheckTarget;
}

export function specOf(probe: Probe, timeoutMs = 10_000): CheckSpec {
  return { name: 'orders', probe, timeoutMs, intervalMs: 10, successes: 1, withinSeconds: 1 };
}

/** One try of that probe with a driver of its own. */
export async function probing(probe: Probe, more: Probing = {}): Promise<CheckObservation> {
  const { timeoutMs, signal = new AbortController().signal, target: other = target, ...options } = more;
  const driver = createCheckDriver({ volumeFolder: () => undefined, allowedCommands: [], environment: {}, ...options });
  return driver.probe(specOf(probe, timeoutMs), other, { signal, progress: () => undefined });
}
