import type { Terminal } from './terminal/terminal';

/** What every command gets: where to write, and where its exit code goes. */
export interface CliContext {
  readonly terminal: Terminal;
  exitCode: number;
}

/** Turns a function that gives an exit code into an action of commander, which drops what actions return. */
export const exitingWith =
  <Args extends unknown[]>(context: CliContext, run: (...args: Args) => Promise<number> | number) =>
  async (...args: Args): Promise<void> => {
    context.exitCode = await run(...args);
  };
