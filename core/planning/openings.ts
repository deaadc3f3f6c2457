import { Temporal } from 'temporal-polyfill';
import type { Opening } from '../model/plan';
import type { WindowGate, WindowRule } from '../model/runbook';
import { occurrences } from '../runbook/recurrence';
import { openingOf } from './maintenance-window';

/** How far is looked ahead, and how many openings are kept: a run that waits longer than this asks for a new plan anyhow. */
const LOOK_AHEAD_DAYS = 400;
export const MOST_OPENINGS = 20;

interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** Whether the gate opens once, at its start, and no blackout is to be looked at. */
export const opensOnce = ({ repeat, also = [], blackouts = [] }: WindowGate): boolean =>
  repeat === undefined && also.length === 0 && blackouts.length === 0;

/**
 * The openings that are not over at `after` (an ISO instant), in order, with blackouts cut out and those that touch made one.
 * A nonexistent local time of a recurrence is left out, as RFC 5545 (3.3.10) has it; of one that comes twice, the first counts.
 *
 * @throws SwitchbackFailure `InvalidInput` when the start is no date and time.
 */
export function openingsOf(gate: WindowGate, after: string): readonly Opening[] {
  const begin = Temporal.Instant.from(after);
  const range = { begin, end: begin.add({ hours: 24 * LOOK_AHEAD_DAYS }), timeZone: gate.timeZone };
  const first = gate.repeat === undefined ? [stretchOf(openingOf(gate))] : repeated(gate as WindowRule, range);
  const further = (gate.also ?? []).flatMap((rule) => stretches(rule, range));
  const closed = (gate.blackouts ?? []).flatMap((rule) => stretches(rule, range));
  return merged([...first, ...further])
    .flatMap((stretch) => without(stretch, merged(closed)))
    .filter(({ until }) => until > begin.epochMilliseconds)
    .slice(0, MOST_OPENINGS)
    .map(({ from, until }) => ({ opensAt: iso(from), closesAt: iso(until) }));
}

const iso = (ms: number): string => Temporal.Instant.fromEpochMilliseconds(ms).toString();

const stretchOf = ({ opensAt, closesAt }: Opening): Stretch => ({
  from: Date.parse(opensAt),
  until: Date.parse(closesAt),
});

interface Range {
  readonly begin: Temporal.Instant;
  readonly end: Temporal.Instant;
  readonly timeZone: string;
}

const stretches = (rule: WindowRule, range: Range): readonly Stretch[] =>
  rule.repeat === undefined
    ? [stretchOf(openingOf({ kind: 'window', name: '', timeZone: range.timeZone, ...rule }))]
    : repeated(rule, range);

/** Lengths are elapsed time: two hours are two hours, also over a change of clocks. */
function repeated({ start, durationSeconds, repeat = '' }: WindowRule, range: Range): readonly Stretch[] {
  const { begin, end, timeZone } = range;
  const length = durationSeconds * 1000;
  const from = occurrences(
    { start, repeat, zone: timeZone },
    { after: begin.epochMilliseconds - length, before: end.epochMilliseconds },
  );
  return from.map(({ at }) => ({ from: at, until: at + length }));
}

function merged(list: readonly Stretch[]): readonly Stretch[] {
  const result: Stretch[] = [];
  for (const next of [...list].sort((one, other) => one.from - other.from)) {
    const last = result.at(-1);
    if (last === undefined || next.from > last.until) result.push(next);
    else result[result.length - 1] = { from: last.from, until: Math.max(last.until, next.until) };
  }
  return result;
}

/** What is left of a stretch; `closed` is in order and does not overlap. */
function without(stretch: Stretch, closed: readonly Stretch[]): readonly Stretch[] {
  let from = stretch.from;
  const left: Stretch[] = [];
  for (const cut of closed) {
    if (cut.until <= from || cut.from >= stretch.until) continue;
    if (cut.from > from) left.push({ from, until: cut.from });
    from = Math.max(from, cut.until);
  }
  if (from < stretch.until) left.push({ from, until: stretch.until });
  return left;
}
