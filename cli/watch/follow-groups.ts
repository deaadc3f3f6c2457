import { setTimeout as sleep } from 'node:timers/promises';
import { SwitchbackFailure } from '../../core/model/failure';
import { renderLine, span, type Line } from '../terminal/line';
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
    const most = rows - 1;
    const shown = lines.length <= most ? lines : [...lines.slice(0, most - 1), [span('…', 'dim')]];
    frame(shown.map((line) => renderLine(line, terminal.style, columns - 1)).join('\n'));
  };
  return {
    show: (groups, now) => draw([...view(groups, now), [], [span(`as of ${now}; ctrl-c ends it`, 'dim')]]),
    trouble: (message) => draw([[span(message, 'yellow')]]),
    left: () => frame.done(),
  };
};

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
