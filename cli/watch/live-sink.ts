import { renderLine } from '../terminal/line';
import { printLines } from '../terminal/print';
import { oneLine } from '../terminal/safe-text';
import type { Terminal } from '../terminal/terminal';
import { runLines } from '../views/run-view';
import type { RunSink } from './follow-run';
import { leftText, resultLines } from './sinks';

const INTERVAL_MS = 250;

/** A place on the screen that is drawn over itself: what log-update gives. */
export interface Frame {
  (text: string): void;
  /** Leaves what was drawn last, and goes on below it. */
  done(): void;
}

/** The live tree, never higher than the terminal, so that nothing scrolls away. */
export function liveSink(terminal: Terminal, frame: Frame): RunSink {
  let verdictShown = false;
  return {
    intervalMs: INTERVAL_MS,
    wantsEvents: false,
    show: (snapshot) => {
      verdictShown = snapshot.status.verdict !== undefined;
      const { columns, rows } = terminal.size();
      // The last row is the cursor's; a line that fills the width would wrap in some terminals.
      const room = { rows: rows - 1, columns: columns - 1 };
      const lines = runLines(snapshot, room);
      frame(lines.map((line) => renderLine(line, terminal.style, room.columns)).join('\n'));
    },
    trouble: (message) => frame(oneLine(message)),
    finished: (result) => {
      frame.done();
      // The first line is the verdict, which the tree ends with when the worker could still be asked.
      printLines(terminal, resultLines(result).slice(verdictShown ? 1 : 0));
    },
    left: (workflowId) => {
      frame.done();
      terminal.note(leftText(workflowId));
    },
  };
}
