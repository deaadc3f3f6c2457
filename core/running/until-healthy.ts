import type { CheckObservation, CheckSpec } from '../model/check';
import { SwitchbackFailure } from '../model/failure';

/** What waiting needs of the world outside: core has no clock. */
export interface HealthWatch {
  readonly signal: AbortSignal;
  /** Called after every try. */
  readonly progress: (progress: {
    readonly doing: string;
    readonly done: number;
    readonly total: number;
    readonly unit: 'tries';
  }) => void;
  /** Rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
}

/** A check that passed as often in a row as it must. */
export interface Healthy {
  readonly last: CheckObservation;
  readonly tries: number;
  readonly elapsedMs: number;
}

/**
 * Tries the check until it passed `successes` times in a row. A try that began within `withinSeconds` counts; none begins
 * later, and then it throws `Unhealthy` with what was seen last. An error of `probeOnce` (a check that can never be right)
 * and a cancelled signal end it at once.
 */
export async function untilHealthy(
  check: CheckSpec,
  probeOnce: (signal: AbortSignal) => Promise<CheckObservation>,
  watch: HealthWatch,
): Promise<Healthy> {
  const { signal, progress, sleep, now } = watch;
  const since = now();
  const deadline = since + check.withinSeconds * 1000;
  let passed = 0;
  for (let tries = 1; ; tries += 1) {
    signal.throwIfAborted();
    const last = await probeOnce(signal);
    passed = last.ok ? passed + 1 : 0;
    progress({ doing: `${check.name}: ${last.saw}`, done: passed, total: check.successes, unit: 'tries' });
    if (passed >= check.successes) return { last, tries, elapsedMs: now() - since };
    const nextTry = now() + check.intervalMs;
    if (nextTry >= deadline) throw unhealthy(check, { last, tries, passed });
    await sleep(check.intervalMs, signal);
  }
}

function unhealthy(
  { name, successes, withinSeconds }: CheckSpec,
  { last, tries, passed }: { readonly last: CheckObservation; readonly tries: number; readonly passed: number },
): SwitchbackFailure {
  const count = passed === 0 ? '' : `, the last ${passed} of ${successes} in a row passed`;
  const message = `check "${name}" did not pass within ${withinSeconds} s (${tries} tries${count}); saw last: ${last.saw}`;
  return new SwitchbackFailure('Unhealthy', message, { check: name, saw: last.saw, tries });
}
