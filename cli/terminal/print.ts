import { renderLine, type Line } from './line';
import { safeJson } from './safe-text';
import type { Terminal } from './terminal';

/** A view, whole lines, whatever the width of the terminal: it wraps them itself. */
export const printLines = (terminal: Terminal, lines: readonly Line[]): void => {
  for (const line of lines) terminal.out(renderLine(line, terminal.style));
};

/** One JSON document, indented. */
export const printJson = (terminal: Terminal, value: unknown): void => terminal.out(safeJson(value, 2));

/** One line of JSON lines. */
export const printJsonLine = (terminal: Terminal, value: unknown): void => terminal.out(safeJson(value));
