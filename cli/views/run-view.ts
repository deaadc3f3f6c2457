import type { RunPhase } from '../../core/model/run';
import type { Verdict } from '../../core/model/verdict';
import { leftLines } from '../../core/running/left-as';
import { count, formatSeconds, secondsBetween } from '../terminal/format';
import { span, wrapLine, type Line } from '../terminal/line';
import type { Format } from '../terminal/style';
import type { TerminalSize } from '../terminal/terminal';
import type { RunSnapshot } from './run-snapshot';
import { runTree } from './run-tree';
import { progressOf, progressWords } from './time-left';
import { waitingLines } from './waiting-lines';

const MOST_WAITING_LINES = 12;

const phaseWords: Readonly<Record<RunPhase, readonly [string, Format]>> = {
  preparing: ['is preparing', 'cyan'],
  running: ['is running', 'cyan'],
  waiting: ['is waiting', 'magenta'],
  paused: ['is paused', 'yellow'],
  'rolling-back': ['is rolling back', 'yellow'],
  finished: ['has ended', 'bold'],
};

/** Good, bad, or neither. */
export const verdictFormats: Readonly<Record<Verdict, Format>> = {
  completed: 'green',
  'completed-with-issues': 'yellow',
  declined: 'yellow',
  expired: 'yellow',
  withdrawn: 'yellow',
  'rolled-back': 'yellow',
  'rollback-incomplete': 'red',
  aborted: 'yellow',
  refused: 'red',
};

/** The live view of a run in at most `rows` lines; what it waits for always stays in view, and in full. */
export function runLines(snapshot: RunSnapshot, { rows, columns }: TerminalSize): Line[] {
  const head = headLine(snapshot);
  const foot = footLines(snapshot).flatMap((line) => wrapLine(line, columns));
  return [head, ...runTree(snapshot, Math.max(3, rows - foot.length - 1)), ...foot];
}

function headLine(snapshot: RunSnapshot): Line {
  const { status, now } = snapshot;
  const [words, format] = phaseWords[status.phase];
  const seconds = secondsBetween(status.startedAt, status.finishedAt ?? now);
  const passed = status.committed ? ', past its commit point' : '';
  return [
    span(`${status.operation} of ${status.group} `, 'bold'),
    span(words, format),
    span(`, ${formatSeconds(seconds)}${progressWords(progressOf(snapshot))}${passed}`),
    span(`  ${status.workflowId}`, 'dim'),
  ];
}

function footLines({ status, now, trouble }: RunSnapshot): Line[] {
  const waiting = waitingLines(status.workflowId, status.waitingFor, now);
  const hidden = waiting.length - MOST_WAITING_LINES;
  return [
    ...waiting.slice(0, MOST_WAITING_LINES),
    ...(hidden > 0 ? [[span(`  … ${count(hidden, 'line')} more of what it waits for`, 'dim')]] : []),
    ...(status.lastRefusal === undefined ? [] : [[span(`! refused: ${status.lastRefusal}`, 'yellow')]]),
    ...(trouble === undefined ? [] : [[span(`! ${trouble}`, 'yellow')]]),
    ...(status.left ? leftLines(status.left).map((line): Line => [span(`  ${line}`)]) : []),
    ...(status.verdict === undefined ? [leaveLine] : [verdictLine(status.verdict, status.because ?? '')]),
  ];
}

const leaveLine: Line = [span('ctrl-c is safe: it ends this view, the run goes on', 'dim')];

/** "completed: every step is done". */
export const verdictLine = (verdict: Verdict, because: string): Line => [
  span(verdict, verdictFormats[verdict]),
  span(because === '' ? '' : `: ${because}`),
];
