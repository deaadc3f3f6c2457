/** A stretch of time in milliseconds since the epoch; `end` is never before `start`. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** The same time, each moment once, in order. */
export function union(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals.filter(({ start, end }) => end > start).sort((left, right) => left.start - right.start);
  const merged: Interval[] = [];
  for (const next of sorted) {
    const last = merged.at(-1);
    if (last && next.start <= last.end)
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, next.end) };
    else merged.push(next);
  }
  return merged;
}

/** What of `intervals` lies outside of `without`; both as `union` gives them. */
export function subtract(intervals: readonly Interval[], without: readonly Interval[]): Interval[] {
  const left: Interval[] = [];
  let next = 0;
  for (const { start, end } of intervals) {
    while (next < without.length && (without[next]?.end ?? end) <= start) next += 1;
    let from = start;
    for (let index = next; index < without.length && from < end; index += 1) {
      const hole = without[index];
      if (!hole || hole.start >= end) break;
      if (hole.start > from) left.push({ start: from, end: hole.start });
      from = Math.max(from, hole.end);
    }
    if (from < end) left.push({ start: from, end });
  }
  return left;
}

/** What of `intervals` lies inside of the window. */
export const clip = (intervals: readonly Interval[], window: Interval): Interval[] =>
  intervals
    .map(({ start, end }) => ({ start: Math.max(start, window.start), end: Math.min(end, window.end) }))
    .filter(({ start, end }) => end > start);

/** Milliseconds of intervals that do not overlap. */
export const measure = (intervals: readonly Interval[]): number =>
  intervals.reduce((sum, { start, end }) => sum + end - start, 0);
