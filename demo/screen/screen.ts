import { renderLine, type Line } from '../../cli/terminal/line';
import type { Terminal, TerminalSize } from '../../cli/terminal/terminal';

/** What is drawn at the bottom of the terminal, anew several times a second. */
export type View = (size: TerminalSize) => readonly Line[];

/** Where a demo shows what happens. */
export interface Screen {
  /** Something is drawn over and over; otherwise only what is said is seen. */
  readonly live: boolean;
  /** Lines that stay. */
  say(...lines: readonly Line[]): void;
  /** Draws the view from now on, until another one is shown. Without a live terminal: nothing. */
  show(view: View): void;
  /** Ends the drawing; what is said afterwards is not shown. */
  close(): void;
}

const redrawMs = 120;

/** For logs, pipes and CI. `toStderr`: stdout is kept for JSON. */
export function plainScreen(terminal: Terminal, toStderr = false): Screen {
  let closed = false;
  const print = (text: string): void => (toStderr ? terminal.note(text) : terminal.out(text));
  return {
    live: false,
    say: (...lines) => {
      if (!closed) for (const line of lines) print(renderLine(line, terminal.style));
    },
    show: () => undefined,
    close: () => (closed = true),
  };
}

/** For a person at a terminal: what is said scrolls, and below it the view is kept up to date. */
export async function liveScreen(terminal: Terminal): Promise<Screen> {
  const { default: logUpdate } = await import('log-update');
  let view: View = () => [];
  let closed = false;
  const draw = (): void => {
    const size = terminal.size();
    // The last row is the cursor's; a line that fills the width would wrap in some terminals.
    const room = { rows: size.rows - 1, columns: size.columns - 1 };
    const lines = view(room).slice(0, room.rows);
    logUpdate(lines.map((line) => renderLine(line, terminal.style, room.columns)).join('\n'));
  };
  const timer = setInterval(draw, redrawMs);
  return {
    live: true,
    say: (...lines) => {
      if (closed || lines.length === 0) return;
      // Not `persist`, which cuts what is higher than the terminal.
      logUpdate.clear();
      for (const line of lines) terminal.out(renderLine(line, terminal.style));
      draw();
    },
    show: (next) => (view = next),
    close: () => {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      logUpdate.clear();
      logUpdate.done();
    },
  };
}
