import type { Command } from 'commander';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import { withExample, withJson, type JsonOption } from '../options';
import { diagnose } from '../runbook-files';
import { count } from '../terminal/format';
import { span } from '../terminal/line';
import { printJson, printLines } from '../terminal/print';
import { diagnosticLines } from '../views/diagnostic-lines';

export function declareValidate(program: Command, context: CliContext): void {
  const command = program
    .command('validate')
    .description('check runbooks: every mistake at once, as file:line:column Code: message')
    .argument('<file...>', 'runbook files')
    .action(exitingWith(context, (files: string[], options: JsonOption) => validate(context, files, options)));
  withExample(withJson(command), 'switchback validate runbooks/*.yaml');
}

async function validate({ terminal }: CliContext, files: readonly string[], { json }: JsonOption): Promise<number> {
  const found = await Promise.all(files.map(diagnose));
  const diagnostics = found.flat();
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (json) printJson(terminal, { valid: errors.length === 0, diagnostics });
  else {
    printLines(terminal, diagnosticLines(diagnostics));
    printLines(terminal, [[span(summary(files.length, diagnostics.length, errors.length))]]);
  }
  return errors.length === 0 ? exitCodes.done : exitCodes.invalidInput;
}

const summary = (files: number, diagnostics: number, errors: number): string =>
  diagnostics === 0
    ? `${count(files, 'runbook')}, nothing to complain about`
    : `${count(files, 'runbook')}: ${count(errors, 'error')}, ${count(diagnostics - errors, 'warning')}`;
