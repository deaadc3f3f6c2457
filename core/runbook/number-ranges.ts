import type { NumberRange } from '../model/schedule';

/** Numbers in ascending order as the few ranges that hold them: 1, 4, 7, 10, 12 as "1 to 10 by 3" and "12". */
export function rangesOf(numbers: readonly number[]): readonly NumberRange[] {
  const ranges: NumberRange[] = [];
  for (let from = 0; from < numbers.length;) {
    const begin = numbers[from] ?? 0;
    const step = (numbers[from + 1] ?? begin + 1) - begin;
    let to = from;
    while (numbers[to + 1] === (numbers[to] ?? 0) + step) to += 1;
    // Two that are not neighbours are no progression.
    const size = to - from === 1 && step > 1 ? 0 : to - from;
    ranges.push({ start: begin, end: begin + size * step, step: size === 0 ? 1 : step });
    from += size + 1;
  }
  return ranges;
}
