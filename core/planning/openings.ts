import { Temporal } from 'temporal-polyfill';
import type { Opening } from '../model/plan';
import type { WindowGate } from '../model/runbook';
import { closedStretches, type ClosedStretch } from './blackouts';
import { stretches, type Stretch } from './stretches';

/** How far is looked ahead, and how many openings are kept: a run that waits longer than this asks for a new plan anyhow. */
export const LOOK_AHEAD_DAYS = 400;
export const MOST_OPENINGS = 20;

/** Of a window that begins each day and is very long, or of one that is cut into pieces, so many causes are named. */
const MOST_NAMED = 5;

interface CutStretch extends Stretch {
  readonly cutBy: readonly string[];
}

/** Whether the gate opens once, at its start, and no blackout is to be looked at. */
export const opensOnce = ({ repeat, also = [], blackouts = [] }: WindowGate): boolean =>
  repeat === undefined && also.length === 0 && blackouts.length === 0;

/**
 * The openings that are not over at `after` (an ISO instant), in order, with blackouts cut out and those that touch made one.
 * A nonexistent local time of a recurrence is left out, as RFC 5545 (3.3.10) has it; one that is written out means the moment
 * after the gap (3.3.5). Of one that comes twice, the first counts.
 *
 * @throws SwitchbackFailure `InvalidInput` when the start is no date and time.
 */
export const openingsOf = (gate: WindowGate, after: string): readonly Opening[] =>
  allOpenings(gate, after).slice(0, MOST_OPENINGS);

/** The stretches in which all of the gates are open together, in order. What cut a window is said of that window alone. */
export function commonOpenings(gates: readonly WindowGate[], after: string): readonly Opening[] {
  const [first, ...others] = gates.map((gate) => allOpenings(gate, after));
  const common = others.reduce((found, list) => found.flatMap((one) => within(one, list)), first ?? []);
  return common.slice(0, MOST_OPENINGS).map(({ opensAt, closesAt }) => ({ opensAt, closesAt }));
}

const within = (one: Opening, list: readonly Opening[]): readonly Opening[] =>
  list
    .filter(({ opensAt, closesAt }) => ms(opensAt) < ms(one.closesAt) && ms(one.opensAt) < ms(closesAt))
    .map(({ opensAt, closesAt }) => ({
      opensAt: ms(opensAt) > ms(one.opensAt) ? opensAt : one.opensAt,
      closesAt: ms(closesAt) < ms(one.closesAt) ? closesAt : one.closesAt,
    }));

const ms = (instant: string): number => Date.parse(instant);

function allOpenings(gate: WindowGate, after: string): readonly Opening[] {
  const begin = Temporal.Instant.from(after);
  const end = begin.add({ hours: 24 * LOOK_AHEAD_DAYS });
  const range = { begin, end, timeZone: gate.timeZone, gate: gate.name };
  const { start = '', durationSeconds, repeat } = gate;
  const rules = [{ start, durationSeconds, ...(repeat !== undefined && { repeat }) }, ...(gate.also ?? [])];
  const closed = (gate.blackouts ?? []).flatMap((rule) => closedStretches(rule, range));
  closed.sort((one, other) => one.from - other.from);
  return merged(rules.flatMap((rule) => stretches(rule, range)))
    .flatMap((stretch) => without(stretch, closed))
    .filter(({ until }) => until > begin.epochMilliseconds)
    .map(({ from, until, cutBy }) => ({
      opensAt: iso(from),
      closesAt: iso(until),
      ...(cutBy.length > 0 && { cutBy: cutBy.slice(0, MOST_NAMED) }),
    }));
}

const iso = (ms: number): string => Temporal.Instant.fromEpochMilliseconds(ms).toString();

function merged(list: readonly Stretch[]): readonly Stretch[] {
  const result: Stretch[] = [];
  for (const next of [...list].sort((one, other) => one.from - other.from)) {
    const last = result.at(-1);
    if (last === undefined || next.from > last.until) result.push(next);
    else result[result.length - 1] = { from: last.from, until: Math.max(last.until, next.until) };
  }
  return result;
}

/** What is left of a stretch, and what each piece was cut by; `closed` is in order, and may overlap. */
function without(stretch: Stretch, closed: readonly ClosedStretch[]): readonly CutStretch[] {
  const cuts = closed.filter(({ from, until }) => from < stretch.until && until > stretch.from);
  const touching = ({ from, until }: Stretch): readonly string[] => [
    ...new Set(cuts.filter((cut) => cut.until === from || cut.from === until).map(({ because }) => because)),
  ];
  const left: Stretch[] = [];
  let from = stretch.from;
  for (const cut of cuts) {
    if (cut.from > from) left.push({ from, until: cut.from });
    from = Math.max(from, cut.until);
  }
  if (from < stretch.until) left.push({ from, until: stretch.until });
  return left.map((piece) => ({ ...piece, cutBy: touching(piece) }));
}
