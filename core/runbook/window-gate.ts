import type { Blackout, WindowGate, WindowRule } from '../model/runbook';
import { acceptedSeconds } from './duration';
import { present } from './present';
import type { WrittenRunbook } from './schema';

type WrittenWindow = NonNullable<WrittenRunbook['operations']['failover']['gates'][number]['window']>;

/** What is not asked for stays away from the model, so that a plan without it keeps its hash. */
export function windowGateOf(written: WrittenWindow): WindowGate {
  const { name, start, duration, timeZone, repeat, also, blackouts, overrun, mode } = written;
  return {
    kind: 'window',
    name,
    durationSeconds: acceptedSeconds(duration),
    timeZone,
    ...present({ start, repeat, mode }),
    ...(also.length > 0 && { also: also.map(ruleOf) }),
    ...(blackouts.length > 0 && { blackouts: blackouts.map(blackoutOf) }),
    ...(overrun !== 'finish' && { overrun }),
  };
}

const ruleOf = ({ start, duration, repeat }: WrittenWindow['also'][number]): WindowRule => ({
  start,
  durationSeconds: acceptedSeconds(duration),
  ...present({ repeat }),
});

function blackoutOf({ from, to, start, duration, repeat, reason }: WrittenWindow['blackouts'][number]): Blackout {
  const more = present({ repeat, reason });
  if (from !== undefined && to !== undefined) return { from, to, ...more };
  if (start === undefined || duration === undefined) throw new RangeError('a blackout without a time was accepted');
  return { start, durationSeconds: acceptedSeconds(duration), ...more };
}
