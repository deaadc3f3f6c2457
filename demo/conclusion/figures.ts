import { span, type Line } from '../../cli/terminal/line';
import type { DoneOperation } from '../circle/operation';

const heads = ['', 'recovery', 'interruption', 'data lost', 'estimate', 'actual'] as const;

/** The figures of all operations, a line each; the widest cell decides how wide its column is. */
export function figureLines(done: readonly DoneOperation[], lostOrders: number): readonly Line[] {
  const rows = [heads, ...done.map((operation) => cells(operation, lostOrders))];
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row, index) => {
    const text = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   ');
    return [span(`  ${text}`.trimEnd(), index === 0 ? 'bold' : 'reset')];
  });
}

/** What the head of each column means, since two of them are about the same move. */
export const figureNotes: readonly Line[] = [
  [
    span(
      '  recovery: from the first stop (disaster: the start of the run) to verified traffic, as the run recorded it',
      'dim',
    ),
  ],
  [
    span(
      '  interruption: the longest that a customer waited between two acknowledged orders (disaster: from the strike)',
      'dim',
    ),
  ],
];

function cells({ title, report, interruptionSeconds }: DoneOperation, lostOrders: number): readonly string[] {
  const { recoveryTime, estimate } = report;
  return [
    title,
    seconds(recoveryTime.seconds),
    seconds(interruptionSeconds),
    lost(report, lostOrders),
    seconds(estimate.estimateSeconds, 0),
    seconds(estimate.actualSeconds, 1),
  ];
}

function lost({ dataLoss }: DoneOperation['report'], orders: number): string {
  if (dataLoss.status === 'not-applicable') return '–';
  if (dataLoss.status === 'lost') return `${orders} orders (${seconds(dataLoss.seconds, 1)})`;
  return dataLoss.status === 'none' ? 'none, proven' : dataLoss.status;
}

const seconds = (value: number | undefined, digits = 2): string =>
  value === undefined ? '–' : `${value.toFixed(digits)} s`;
