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

interface Tried {
  readonly last: CheckObservation;
  readonly tries: number;
  /** Of the last tries, in a row. */
  readonly passed: number;
  /** How often a try failed right after one that had passed. */
  readonly flaps: number;
}

/**
 * Tries the check until it passed `successes` times in a row, for `steadyMs` at least. After each try that failed once others
 * had passed it must pass twice as often. A try that began within `withinSeconds` counts; none begins later, and then it throws
 * `Unhealthy` with what was seen last. An error of `probeOnce` (a check that can never be right) and a cancelled signal end it
 * at once.
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
  let flaps = 0;
  let passesSince = since;
  for (let tries = 1; ; tries += 1) {
    signal.throwIfAborted();
    if (passed === 0) passesSince = now();
    const last = await probeOnce(signal);
    if (!last.ok && passed > 0) flaps += 1;
    passed = last.ok ? passed + 1 : 0;
    const needed = passesNeeded(check, flaps);
    progress({ doing: `${check.name}: ${last.saw}`, done: Math.min(passed, needed), total: needed, unit: 'tries' });
    const isSteady = now() - passesSince >= (check.steadyMs ?? 0);
    if (passed >= needed && isSteady) return { last, tries, elapsedMs: now() - since };
    const nextTry = now() + check.intervalMs;
    if (nextTry >= deadline) throw unhealthy(check, { last, tries, passed, flaps });
    await sleep(check.intervalMs, signal);
  }
}

/** A service that failed after it had passed may do so again. Never more than fit into half of the time that there is. */
function passesNeeded({ successes, intervalMs, withinSeconds }: CheckSpec, flaps: number): number {
  const fit = intervalMs > 0 ? Math.floor((withinSeconds * 1000) / intervalMs / 2) : Infinity;
  return Math.max(successes, Math.min(successes * 2 ** Math.min(flaps, 2), fit));
}

function unhealthy(check: CheckSpec, { last, tries, passed, flaps }: Tried): SwitchbackFailure {
  const { name, withinSeconds, steadyMs } = check;
  const steady = steadyMs === undefined ? '' : ` for ${steadyMs / 1000} s`;
  const count = passed === 0 ? '' : `, the last ${passed} of ${passesNeeded(check, flaps)} in a row${steady} passed`;
  const flapping = flaps === 0 ? '' : `, it flaps: ${flaps} failed right after one that had passed`;
  const message = `check "${name}" did not pass within ${withinSeconds} s (${tries} tries${count}${flapping}); saw last: ${last.saw}`;
  return new SwitchbackFailure('Unhealthy', message, { check: name, saw: last.saw, tries });
}
