import { CommanderError } from 'commander';
import { failureCodes } from '../core/model/failure-codes';
import { SwitchbackFailure } from '../core/model/failure';
import { exitCodes } from '../core/model/verdict';
import type { CliContext } from './context';
import { exitCodeOfFailure } from './exit-code';
import { createProgram } from './program';
import { printJson } from './terminal/print';
import { safeText } from './terminal/safe-text';
import type { Terminal } from './terminal/terminal';

/** Runs one command line (without the program's name) and gives its exit code. Never throws. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  const context: CliContext = { terminal, exitCode: exitCodes.done };
  const program = createProgram(context);
  if (args.length === 0) {
    terminal.out(program.helpInformation().trimEnd());
    return exitCodes.done;
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    // Commander has said what was wrong; asking for help is not a mistake.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.invalidInput;
    return explain(error, terminal, args.includes('--json'));
  }
}

const saysNoFix: readonly number[] = [exitCodes.failed, exitCodes.refused, exitCodes.declined];

function explain(error: unknown, terminal: Terminal, json: boolean): number {
  const code = error instanceof SwitchbackFailure ? error.code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const fix = code === undefined ? undefined : failureCodes[code].fix;
  if (json) printJson(terminal, { error: { code: code ?? 'Unexpected', message, ...(fix !== undefined && { fix }) } });
  const exitCode = code === undefined ? exitCodes.failed : exitCodeOfFailure(code);
  terminal.note(`${code ?? 'Unexpected'}: ${safeText(message)}`);
  // Messages about the input and the connection say themselves what to do.
  if (fix !== undefined && saysNoFix.includes(exitCode)) terminal.note(`  ${fix}`);
  return exitCode;
}
