import type { RunPhase } from '../../core/model/run';
import type { Verdict } from '../../core/model/verdict';
import { leftLines } from '../../core/running/left-as';
import { count, formatSeconds, secondsBetween } from '../terminal/format';
import { span, wrapLine, type Line, type Span } from '../terminal/line';
import type { Format } from '../terminal/style';
import type { TerminalSize } from '../terminal/terminal';
import type { RunSnapshot } from './run-snapshot';
import { runTree } from './run-tree';
import { progressOf, progressWords } from './time-left';
import { waitingLines } from './waiting-lines';

/** Rows that stay for the steps, and for what is waited for, however low the terminal is. */
const TREE_ROWS = 3;
const WAITING_ROWS = 6;
/** What is waited for leaves room for what is running, with a line before and one behind it. */
const RUNNING_ROWS = 4;
const INSTRUCTION_LINES = 4;

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

/** The live view of a run in at most `rows` lines; what it waits for always stays in view, with the commands that answer. */
export function runLines(snapshot: RunSnapshot, { rows, columns }: TerminalSize): Line[] {
  const head = headLines(snapshot, columns);
  const wrapped = (lines: readonly Line[]): Line[] => lines.flatMap((line) => wrapLine(line, columns));
  const end = wrapped(endLines(snapshot));
  const waiting = waitedFor(wrapped(waitingOf(snapshot)), rows - head.length - RUNNING_ROWS - end.length);
  const foot = [...waiting, ...end];
  return [...head, ...runTree(snapshot, Math.max(TREE_ROWS, rows - foot.length - head.length)), ...foot];
}

const waitingOf = ({ status, now }: RunSnapshot): Line[] =>
  waitingLines(status.workflowId, status.waitingFor, { now, mostInstructions: INSTRUCTION_LINES });

/** Only of many failed steps, or on a very low terminal, is there more than fits. */
function waitedFor(lines: readonly Line[], room: number): readonly Line[] {
  const most = Math.max(WAITING_ROWS, room);
  if (lines.length <= most) return lines;
  const hidden = lines.length - most + 1;
  return [...lines.slice(0, most - 1), [span(`  … ${count(hidden, 'line')} more of what it waits for`, 'dim')]];
}

/** What does not fit beside the rest has a line of its own: the id of the run is to be copied, the time left to be read. */
function headLines(snapshot: RunSnapshot, columns: number): Line[] {
  const { status, now } = snapshot;
  const [words, format] = phaseWords[status.phase];
  const seconds = secondsBetween(status.startedAt, status.finishedAt ?? now);
  const passed = status.committed ? ', past its commit point' : '';
  const said = `, ${formatSeconds(seconds)}${progressWords(progressOf(snapshot))}${passed}`;
  const lines: Span[][] = [[span(`${status.operation} of ${status.group} `, 'bold'), span(words, format)]];
  for (const part of [...said.split(/(?=, )/).map((text) => span(text)), span(`  ${status.workflowId}`, 'dim')]) {
    const last = lines.at(-1) ?? [];
    if (widthOf(last) + part.text.length <= columns) last.push(part);
    else lines.push([span(part.text.replace(/^,? */, '  '), part.format)]);
  }
  return lines;
}

const widthOf = (line: Line): number => line.reduce((sum, { text }) => sum + text.length, 0);

function endLines({ status, trouble }: RunSnapshot): Line[] {
  return [
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
