import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Command } from 'commander';
import { formatDiagnostic, type Diagnostic } from '../../core/runbook/diagnostic';
import type * as ParseRunbook from '../../core/runbook/parse-runbook';
import { SwitchbackFailure } from '../../core/model/failure';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import { withExample, withJson, type JsonOption } from '../options';
import { count } from '../terminal/format';
import { span } from '../terminal/line';
import { printJson, printLines } from '../terminal/print';

export function declareValidate(program: Command, context: CliContext): void {
  const command = program
    .command('validate')
    .description('check runbooks: every mistake at once, as file:line:column Code: message')
    .argument('<file...>', 'runbook files')
    .action(exitingWith(context, (files: string[], options: JsonOption) => validate(context, files, options)));
  withExample(withJson(command), 'switchback validate runbooks/*.yaml');
}

async function validate({ terminal }: CliContext, files: readonly string[], { json }: JsonOption): Promise<number> {
  const found = await Promise.all(files.map(async (file) => diagnose(file, await read(file))));
  const diagnostics = found.flat();
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (json) printJson(terminal, { valid: errors.length === 0, diagnostics });
  else {
    for (const diagnostic of diagnostics) {
      printLines(terminal, [[span(formatDiagnostic(diagnostic), diagnostic.severity === 'error' ? 'red' : 'yellow')]]);
    }
    printLines(terminal, [[span(summary(files.length, diagnostics.length, errors.length))]]);
  }
  return errors.length === 0 ? exitCodes.done : exitCodes.invalidInput;
}

const summary = (files: number, diagnostics: number, errors: number): string =>
  diagnostics === 0
    ? `${count(files, 'runbook')}, nothing to complain about`
    : `${count(files, 'runbook')}: ${count(errors, 'error')}, ${count(diagnostics - errors, 'warning')}`;

function diagnose(file: string, text: string): readonly Diagnostic[] {
  // Loaded when it is needed: the schemas and the YAML parser would double the time that help takes.
  const load = createRequire(__filename);
  const { parseRunbook } = load('../../core/runbook/parse-runbook') as typeof ParseRunbook;
  const parsed = parseRunbook(text, file);
  return parsed.ok ? parsed.warnings : parsed.diagnostics;
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new SwitchbackFailure('InvalidInput', `${file} cannot be read: ${because}`);
  }
}
