import type { RunEvent } from '../../core/model/run';
import type { RunResult } from '../temporal/operations';
import { span, type Line } from '../terminal/line';
import { printJsonLine, printLines } from '../terminal/print';
import { oneLine } from '../terminal/safe-text';
import type { Terminal } from '../terminal/terminal';
import { shellQuoted } from '../views/answer-command';
import { eventLine, titlesOf } from '../views/event-line';
import type { RunSnapshot } from '../views/run-snapshot';
import { verdictLine } from '../views/run-view';
import { waitingLines } from '../views/waiting-lines';
import type { RunSink } from './follow-run';

const INTERVAL_MS = 500;

/** For `left` of every sink. */
export const leftText = (workflowId: string): string =>
  `The run goes on. To watch it again: switchback watch ${shellQuoted(workflowId)}`;

/** A line for each thing that happens: for logs, pipes and CI. */
export function logSink(terminal: Terminal): RunSink {
  const say = sayOnce(terminal);
  let verdictSaid = false;
  return {
    intervalMs: INTERVAL_MS,
    wantsEvents: true,
    show: (snapshot, events) => {
      verdictSaid ||= events.some(({ kind }) => kind === 'run-finished');
      printLines(terminal, eventLines(snapshot, events));
      say(snapshot.trouble);
    },
    trouble: say,
    finished: (result) => printLines(terminal, resultLines(result).slice(verdictSaid ? 1 : 0)),
    left: (workflowId) => terminal.note(leftText(workflowId)),
  };
}

/** Every event as one line of JSON, then one of kind "result". */
export function jsonSink(terminal: Terminal): RunSink {
  const say = sayOnce(terminal);
  return {
    intervalMs: INTERVAL_MS,
    wantsEvents: true,
    show: ({ trouble }, events) => {
      for (const event of events) printJsonLine(terminal, event);
      say(trouble);
    },
    trouble: say,
    finished: (result) => printJsonLine(terminal, { kind: 'result', ...result }),
    left: (workflowId) => terminal.note(leftText(workflowId)),
  };
}

/** Nothing until the verdict: for `run --wait`. */
export function silentSink(terminal: Terminal, finished: (result: RunResult) => void): RunSink {
  const say = sayOnce(terminal);
  return {
    intervalMs: INTERVAL_MS,
    wantsEvents: false,
    show: ({ trouble }) => say(trouble),
    trouble: say,
    finished,
    left: (workflowId) => terminal.note(leftText(workflowId)),
  };
}

/** The verdict, and where the report is. */
export const resultLines = ({ verdict, because, reportFiles }: RunResult): Line[] => [
  verdictLine(verdict, because),
  ...reportFiles.map((file): Line => [span('report  ', 'dim'), span(file)]),
];

const eventLines = ({ plan, status, now }: RunSnapshot, events: readonly RunEvent[]): Line[] => {
  const titleOf = titlesOf(plan);
  const lines = events.flatMap((event) => {
    const line = eventLine(event, titleOf);
    return line ? [line] : [];
  });
  const asks = events.some(({ kind }) => kind === 'gate-opened' || kind === 'step-failed');
  return asks ? [...lines, ...waitingLines(status.workflowId, status.waitingFor, { now })] : lines;
};

/** The same trouble is told once, until it is over. */
function sayOnce(terminal: Terminal): (trouble: string | undefined) => void {
  let last: string | undefined;
  return (trouble) => {
    if (trouble !== undefined && trouble !== last) terminal.note(oneLine(trouble));
    last = trouble;
  };
}
