import type { Temporal } from 'temporal-polyfill';
import type { WindowRule } from '../model/runbook';
import { occurrences } from '../runbook/recurrence';
import { openingOf } from './maintenance-window';

/** In milliseconds since 1970. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** What is looked at of a gate, in its zone. */
export interface Range {
  readonly begin: Temporal.Instant;
  readonly end: Temporal.Instant;
  readonly timeZone: string;
  readonly gate: string;
}

/** The stretches of a rule that reach into the range. Lengths are elapsed time: two hours are two hours, also over a change of clocks. */
export function stretches(rule: WindowRule, { begin, end, timeZone, gate }: Range): readonly Stretch[] {
  const { start, durationSeconds, repeat } = rule;
  if (repeat === undefined) {
    const { opensAt, closesAt } = openingOf({ kind: 'window', name: gate, timeZone, start, durationSeconds });
    return [{ from: Date.parse(opensAt), until: Date.parse(closesAt) }];
  }
  const length = durationSeconds * 1000;
  const within = { after: begin.epochMilliseconds - length, before: end.epochMilliseconds };
  return occurrences({ start, repeat, zone: timeZone }, within).map(({ at }) => ({ from: at, until: at + length }));
}
