import type { Precheck } from '../../core/model/plan';
import { span, type Line } from '../terminal/line';
import { symbols } from './symbols';

/** The prechecks, the worst first, each with what was seen; of those that are not in order also why it matters. */
export function precheckLines(prechecks: readonly Precheck[]): Line[] {
  const sorted = [...prechecks].sort((a, b) => order[a.severity] - order[b.severity]);
  const lines = sorted.flatMap(precheckLine);
  if (prechecks.some(({ severity }) => severity === 'error')) {
    lines.push([span('  A run would be refused now: mend what is marked ✗, and look again.', 'red')]);
  }
  return lines;
}

const order = { error: 0, warning: 1, ok: 2 } as const;

function precheckLine({ code, severity, subject, saw, because }: Precheck): Line[] {
  const symbol = symbols[severity];
  const first: Line = [span(`  ${symbol.text} `, symbol.format), span(code, 'bold'), span(` ${subject}: ${saw}`)];
  return severity === 'ok' ? [first] : [first, [span(`      it matters because ${because}`, 'dim')]];
}
