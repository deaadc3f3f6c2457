import { span, type Line } from '../../cli/terminal/line';
import type { DoneOperation } from '../circle/operation';

const heads = ['', 'recovery', 'interruption', 'data lost', 'estimate', 'actual'] as const;

/** The figures of all operations, a line each; the widest cell decides how wide its column is. */
export function figureLines(done: readonly DoneOperation[], lostOrders: number): readonly Line[] {
  const rows = [heads, ...done.map((operation) => cells(operation, lostOrders))];
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row, index) => {
    const text = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
    return [span(`  ${text}`.trimEnd(), index === 0 ? 'bold' : 'reset')];
  });
}

/** What the heads mean, since two of them measure the same move from different ends. */
export const figureNotes: readonly Line[] = [
  [span('  recovery: first stop to verified traffic, as the run recorded it', 'dim')],
  [span('            (after a disaster from the start of the run)', 'dim')],
  [span('  interruption: the longest between two orders acknowledged to customers', 'dim')],
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
  if (dataLoss.status === 'lost') return `${orders} orders`;
  return dataLoss.status === 'none' ? 'none' : dataLoss.status;
}

const seconds = (value: number | undefined, digits = 2): string =>
  value === undefined ? '–' : `${value.toFixed(digits)} s`;
