import { doctorChecks } from '../doctor/check-catalog';
import type { CheckResult } from '../doctor/check';
import { span, type Line } from '../terminal/line';
import { symbols } from './symbols';

/** One check: the symbol first, then its id, what was seen, and under it what to do. A heading where a new group begins. */
export function checkLines({ id, status, saw, fix }: CheckResult, before: CheckResult | undefined): Line[] {
  const { group } = doctorChecks[id];
  const { text, format } = symbols[status];
  return [
    ...(before && doctorChecks[before.id].group === group ? [] : [...(before ? [[]] : []), [span(group, 'bold')]]),
    [span(`${text} `, format), span(id.padEnd(18), 'bold'), span(` ${saw}`)],
    ...(fix === undefined ? [] : [[span(`    → ${fix}`, 'cyan')]]),
  ];
}
