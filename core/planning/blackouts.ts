import { Temporal } from 'temporal-polyfill';
import type { Blackout, DayRange } from '../model/runbook';
import { occurrences } from '../runbook/recurrence';
import { stretches, type Range, type Stretch } from './stretches';

/** In which no window is open. */
export interface ClosedStretch extends Stretch {
  /** "year-end freeze", or when it is. */
  readonly because: string;
}

/** The stretches of a blackout that reach into the range, in order. */
export function closedStretches(blackout: Blackout, range: Range): readonly ClosedStretch[] {
  const because = blackout.reason ?? nameOf(blackout);
  const closed = 'from' in blackout ? dayRanges(blackout, range) : stretches(blackout, range);
  // Of one that lies within the hour that clocks skip nothing is left.
  return closed.filter(({ from, until }) => from < until).map((stretch) => ({ ...stretch, because }));
}

/** A day is as long as clocks make it: what is between the two is counted in days and time of day, not in seconds. */
function dayRanges({ from, to, repeat }: DayRange, { begin, end, timeZone: zone }: Range): readonly Stretch[] {
  const first = Temporal.PlainDateTime.from(from);
  const last = Temporal.PlainDateTime.from(to).add({ days: isDay(to) ? 1 : 0 });
  const length = first.until(last, { largestUnit: 'days' });
  const until = (local: Temporal.PlainDateTime): number => momentOf(local.add(length), { zone, day: isDay(to) });
  if (repeat === undefined) return [{ from: momentOf(first, { zone, day: isDay(from) }), until: until(first) }];
  const margin = (length.days + 2) * 86_400_000;
  const within = { after: begin.epochMilliseconds - margin, before: end.epochMilliseconds };
  return occurrences({ start: from, repeat, zone }, within).map(({ at, local }) => ({ from: at, until: until(local) }));
}

/** A day begins also where clocks skip its midnight; a time of day that they skip means the moment after the gap. */
const momentOf = (local: Temporal.PlainDateTime, { zone, day }: { zone: string; day: boolean }): number =>
  (day ? local.toPlainDate().toZonedDateTime(zone) : local.toZonedDateTime(zone)).epochMilliseconds;

const isDay = (text: string): boolean => !text.includes('T');

const nameOf = (blackout: Blackout): string =>
  'from' in blackout ? `blackout from ${blackout.from} to ${blackout.to}` : `blackout from ${blackout.start}`;
