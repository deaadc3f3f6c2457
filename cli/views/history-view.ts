import type { MeasuredStretch } from '../../core/model/run-figures';
import type { HistoryRow } from '../temporal/group-history';
import { formatSeconds } from '../terminal/format';
import { span, type Line } from '../terminal/line';
import type { Format } from '../terminal/style';
import { tableLines } from './table-lines';

const headings = [
  'started',
  'operation',
  'verdict',
  'recovery',
  'downtime',
  'data loss',
  'attested',
  'started by',
  'run',
];

/** One run a row, newest first. Of times, what people were waited for stands behind the whole. */
export function historyLines(rows: readonly HistoryRow[]): Line[] {
  return tableLines(
    headings,
    rows.map((row) => cellsOf(row).map((cell, column) => span(cell, column === 2 ? formatOf(row.verdict) : 'reset'))),
  );
}

function cellsOf({ startedAt, operation, verdict, figures, attested, workflowId }: HistoryRow): readonly string[] {
  const mode = figures?.mode === 'unplanned' ? 'unplanned ' : '';
  return [
    startedAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ''),
    `${mode}${operation}`,
    verdict,
    stretch(figures?.recovery),
    stretch(figures?.downtime),
    lossText(figures?.dataLoss),
    attested ?? '–',
    figures?.requestedBy ?? '–',
    workflowId,
  ];
}

/** "12 s", "2 min 5 s (1 min 30 s people)". */
function stretch(measured: MeasuredStretch | undefined): string {
  if (measured === undefined) return '–';
  const { seconds, peopleSeconds } = measured;
  return `${formatSeconds(seconds)}${peopleSeconds > 0 ? ` (${formatSeconds(peopleSeconds)} people)` : ''}`;
}

function lossText(loss: NonNullable<HistoryRow['figures']>['dataLoss'] | undefined): string {
  if (loss === undefined || loss.status === 'not-applicable') return '–';
  if (loss.status === 'none') return 'none';
  return loss.seconds === undefined ? loss.status : `${loss.status} ${formatSeconds(loss.seconds)}`;
}

function formatOf(verdict: string): Format {
  if (verdict === 'completed') return 'green';
  if (verdict === 'running') return 'cyan';
  return ['aborted', 'rollback-incomplete', 'terminated', 'failed', 'timed_out'].includes(verdict) ? 'red' : 'yellow';
}
