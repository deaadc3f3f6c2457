import { styleFor, type Style } from './style';

/** In characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** Where a command writes, and what it may know of who reads. Nothing else in cli/ writes to the process's streams. */
export interface Terminal {
  /** The answer: on stdout, with a line feed at its end. */
  out(text: string): void;
  /** Diagnostics and hints: on stderr. */
  note(text: string): void;
  /** A person looks at stdout. */
  readonly interactive: boolean;
  readonly style: Style;
  /** As it is now. */
  size(): TerminalSize;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function processTerminal(): Terminal {
  const interactive = process.stdout.isTTY === true;
  return {
    out: (text) => console.log(text),
    note: (text) => console.error(text),
    interactive,
    style: styleFor(interactive, process.env),
    size: () => ({ columns: process.stdout.columns || 100, rows: process.stdout.rows || 40 }),
    env: process.env,
  };
}
