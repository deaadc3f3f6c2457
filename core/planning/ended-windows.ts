import { Temporal } from 'temporal-polyfill';
import type { WindowGate, WindowRule } from '../model/runbook';
import { occurrences } from '../runbook/recurrence';
import { untilIn } from '../runbook/recurrence-until';
import { LOOK_AHEAD_DAYS, openingsOf } from './openings';

/**
 * Why no opening of the window is in sight at `at` (an ISO instant): that it never opens again, or not for long. Undefined when one is.
 *
 * @throws SwitchbackFailure `InvalidInput` when the start is no date and time.
 */
export function whyNoOpening(gate: WindowGate, at: string): string | undefined {
  if (openingsOf(gate, at).length > 0) return undefined;
  const { start = '', durationSeconds, repeat, timeZone } = gate;
  const own: WindowRule = { start, durationSeconds, ...(repeat !== undefined && { repeat }) };
  const rules = [own, ...(gate.also ?? [])];
  const horizon = Date.parse(at) + LOOK_AHEAD_DAYS * 86_400_000;
  if (!rules.every((rule) => endsBefore(rule, timeZone, horizon))) {
    return `does not open within the next ${LOOK_AHEAD_DAYS} days`;
  }
  const [first] = rules.map((rule) => rule.repeat ?? `the opening of ${rule.start}`);
  const ended = rules.length === 1 ? `${first ?? ''} is over` : `its ${rules.length} rules are over`;
  return `never opens again: ${ended}${gate.blackouts === undefined ? '' : ', or what is left lies in blackouts'}`;
}

/** Whether the rule comes no more after that moment (in milliseconds since 1970). */
function endsBefore({ start, repeat }: WindowRule, zone: string, horizon: number): boolean {
  if (repeat === undefined) return true;
  const until = untilIn(repeat);
  if (until?.kind === 'utc') return until.at <= horizon;
  const [, count] = /(?:^|;)COUNT=(\d+)/.exec(repeat) ?? [];
  if (count === undefined) return false;
  const after = Temporal.PlainDateTime.from(start).toZonedDateTime('UTC').epochMilliseconds - 86_400_000;
  return occurrences({ start, repeat, zone }, { after, before: horizon }).length === Number(count);
}
