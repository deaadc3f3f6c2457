import type { ProtectionState } from '../../core/model/protection';
import { readinessWords, type Readiness, type ReadinessReason, type ReadinessState } from '../../core/model/readiness';
import { formatSeconds, secondsBetween } from '../terminal/format';
import { span, type Line } from '../terminal/line';
import type { Format } from '../terminal/style';
import { shellQuoted } from './answer-command';
import { symbols } from './symbols';

const formats: Readonly<Record<ReadinessState, Format>> = { Ready: 'green', AtRisk: 'yellow', NotReady: 'red' };

/** What an evaluation has found, each reason with what to do. */
export function readinessLines(group: string, readiness: Readiness): Line[] {
  const { state, reasons, more = 0, evaluatedAt, tookSeconds } = readiness;
  return [
    [
      span(`${group}  `, 'bold'),
      span(readinessWords[state], formats[state]),
      span(`  evaluated ${evaluatedAt}, in ${formatSeconds(tookSeconds)}`, 'dim'),
    ],
    ...reasons.flatMap(reasonLines),
    ...(more > 0 ? [[span(`  and ${more} more`, 'dim')]] : []),
  ] as Line[];
}

function reasonLines({ code, severity, operations, subject, what, doThis }: ReadinessReason): Line[] {
  const { text, format } = symbols[severity];
  const hurts = operations === undefined ? '' : ` (${operations.join(', ')})`;
  return [
    [span(`  ${text} `, format), span(code, 'bold'), span(` ${subject}: ${what}`), span(hurts, 'dim')],
    [span('      '), span(doThis, 'cyan')],
  ];
}

/** Of `switchback status`: one line, and how to see the rest. */
export function readinessStateLines({ group, holder, readiness }: ProtectionState, now: string): Line[] {
  if (readiness === undefined) return [];
  const { state, reasons, more = 0, evaluatedAt } = readiness;
  const count = reasons.length + more;
  const found = count === 0 ? '' : `, ${count} ${count === 1 ? 'reason' : 'reasons'}`;
  const when =
    holder === undefined
      ? `evaluated ${formatSeconds(secondsBetween(evaluatedAt, now))} ago`
      : `evaluated before run ${holder.workflowId} began`;
  return [
    [span('  readiness  '), span(readinessWords[state], formats[state]), span(`${found}, ${when}`)],
    ...(count === 0 ? [] : [[span('    '), span(`switchback readiness ${shellQuoted(group)}`, 'cyan')]]),
  ] as Line[];
}
