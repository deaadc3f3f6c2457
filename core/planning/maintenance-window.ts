import { Temporal } from 'temporal-polyfill';
import { SwitchbackFailure } from '../model/failure';
import type { Opening } from '../model/plan';
import type { WindowGate } from '../model/runbook';

/**
 * A start with an offset ("2026-12-05T22:00+01:00") is that instant; without one it is local time in the gate's zone. A local
 * time that a change of clocks skips means the moment after the gap; of one that comes twice, the first.
 *
 * @throws SwitchbackFailure `InvalidInput` when the start is no date and time.
 */
export function openingOf(gate: WindowGate): Opening {
  const opens = instantOf(gate);
  const closes = opens.add({ seconds: gate.durationSeconds });
  return { opensAt: opens.toString(), closesAt: closes.toString() };
}

function instantOf(gate: WindowGate): Temporal.Instant {
  const start = gate.start ?? '';
  try {
    if (/(Z|[+-]\d{2}:?\d{2})$/i.test(start)) return Temporal.Instant.from(start);
    return Temporal.PlainDateTime.from(start).toZonedDateTime(gate.timeZone).toInstant();
  } catch (cause) {
    throw new SwitchbackFailure(
      'InvalidInput',
      `start "${start}" of maintenance window "${gate.name}" is not a date and time; write it as "2026-12-05T22:00"`,
      { gate: gate.name, start },
      { cause },
    );
  }
}
