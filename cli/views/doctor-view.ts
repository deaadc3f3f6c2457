import type { CheckResult } from '../doctor/check';
import { span, type Line } from '../terminal/line';
import { symbols } from './symbols';

/** One check: the symbol first, then its id, what was seen, and under it what to do. A heading where a new group begins. */
export function checkLines({ id, group, status, saw, fix }: CheckResult, groupBefore: string | undefined): Line[] {
  const { text, format } = symbols[status];
  return [
    ...(group === groupBefore ? [] : [...(groupBefore === undefined ? [] : [[]]), [span(group, 'bold')]]),
    [span(`${text} `, format), span(id.padEnd(18), 'bold'), span(` ${saw}`)],
    ...(fix === undefined ? [] : [[span(`    → ${fix}`, 'cyan')]]),
  ];
}
