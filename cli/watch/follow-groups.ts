import { setTimeout as sleep } from 'node:timers/promises';
import { SwitchbackFailure } from '../../core/model/failure';
import { renderLine, span, wrapLine, type Line } from '../terminal/line';
import { printJsonLine, printLines } from '../terminal/print';
import type { Terminal } from '../terminal/terminal';
import type { GroupStatus } from '../views/group-status';
import { INTERRUPTED } from './interrupt';
import type { Frame } from './live-sink';

const INTERVAL_MS = 1_000;

/** Takes what was seen of the groups, again and again. */
export interface GroupsSink {
  show(groups: readonly GroupStatus[], now: string): void;
  trouble(message: string): void;
  /** The person left. */
  left(): void;
}

/** Looks at the groups until the person leaves. A server or worker that is away for a while is waited for. */
export async function followGroups(
  look: () => Promise<readonly GroupStatus[]>,
  sink: GroupsSink,
  signal: AbortSignal,
): Promise<number> {
  while (!signal.aborted) {
    try {
      sink.show(await look(), new Date().toISOString());
    } catch (error) {
      if (!(error instanceof SwitchbackFailure) || error.code === 'RunNotFound') throw error;
      sink.trouble(error.message);
    }
    await sleep(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
  sink.left();
  return INTERRUPTED;
}

type View = (groups: readonly GroupStatus[], now: string) => readonly Line[];

/** The screen is drawn over itself, never higher than it is. */
export const liveGroups = (terminal: Terminal, view: View, frame: Frame): GroupsSink => {
  const draw = (lines: readonly Line[]): void => {
    const { columns, rows } = terminal.size();
    const [width, most] = [columns - 1, rows - 1];
    const readable = belowTable(lines, (line) => wrapLine(line, width));
    const shown = readable.length <= most ? readable : [...readable.slice(0, most - 1), [span('…', 'dim')]];
    frame(shown.map((line) => renderLine(line, terminal.style, width)).join('\n'));
  };
  return {
    show: (groups, now) => draw([...view(groups, now), [], [span(`as of ${now}; ctrl-c ends it`, 'dim')]]),
    trouble: (message) => draw([[span(message, 'yellow')]]),
    left: () => {
      frame.done();
      // Behind the ^C that the terminal shows.
      terminal.note('');
    },
  };
};

/** A row of the table is cut, so that columns stay columns; what is below it, commands to copy among it, is to be read in full. */
function belowTable(lines: readonly Line[], change: (line: Line) => readonly Line[]): readonly Line[] {
  const end = lines.findIndex((line) => line.length === 0);
  return end < 0 ? lines : [...lines.slice(0, end), ...lines.slice(end).flatMap(change)];
}

/** Where nobody looks at a screen: all of it, whenever something but the time has changed. */
export const printedGroups = (terminal: Terminal, view: View, json: boolean): GroupsSink => {
  let before = '';
  const unlessAsBefore = (key: string, print: () => void): void => {
    if (key !== before) print();
    before = key;
  };
  return {
    show: (groups, now) =>
      unlessAsBefore(essenceOf(groups), () => {
        if (json) printJsonLine(terminal, { at: now, groups });
        else printLines(terminal, [[span(now, 'dim')], ...view(groups, now), []]);
      }),
    trouble: (message) => unlessAsBefore(message, () => terminal.note(message)),
    left: () => undefined,
  };
};

/** What of the groups is news when it changes: no lag, which always does, and no moments of looks. */
const essenceOf = (groups: readonly GroupStatus[]): string =>
  JSON.stringify(
    groups.map(({ group, state, runs, trouble, nextDrill }) => [
      ...[group, trouble, nextDrill],
      state && [state.phase, state.activeSite, state.epoch, state.holder?.runId, state.runs[0]?.runId],
      state && [state.breach?.since, state.readiness?.state, state.fencing, state.replication.lastError, state.drills],
      state && [state.runbookTrouble, state.evidence?.trouble, state.moved],
      runs.map(({ runId, phase, waitingFor }) => [runId, phase, waitingFor.map(({ name, since }) => [name, since])]),
    ]),
  );
