import type { Command } from 'commander';
import { failureCodes, type FailureCode } from '../../core/model/failure-codes';
import { SwitchbackFailure } from '../../core/model/failure';
import { exitCodes } from '../../core/model/verdict';
import { didYouMean } from '../../core/runbook/nearest-name';
import { exitingWith, type CliContext } from '../context';
import { withExample, withJson, type JsonOption } from '../options';
import { span, type Line } from '../terminal/line';
import { printJson, printLines } from '../terminal/print';

export function declareExplain(program: Command, context: CliContext): void {
  const command = program
    .command('explain')
    .description('what an error code means, and what to do about it; without a code: all of them')
    .argument('[code]', 'error code, as it stands in the message')
    .action(exitingWith(context, (code: string | undefined, options: JsonOption) => explain(context, code, options)));
  withExample(withJson(command), 'switchback explain FenceUnconfirmed');
}

const codes = Object.keys(failureCodes) as FailureCode[];

function explain({ terminal }: CliContext, code: string | undefined, { json }: JsonOption): number {
  const wanted = code === undefined ? codes : [knownCode(code)];
  const rows = wanted.map((one) => ({ code: one, ...failureCodes[one] }));
  if (json) printJson(terminal, code === undefined ? rows : rows[0]);
  else printLines(terminal, rows.flatMap(explanation));
  return exitCodes.done;
}

function knownCode(code: string): FailureCode {
  const known = codes.find((one) => one.toLowerCase() === code.toLowerCase());
  if (known !== undefined) return known;
  throw new SwitchbackFailure('InvalidInput', `There is no error code "${code}"${didYouMean(code, codes)}`);
}

function explanation({
  code,
  meaning,
  fix,
  retryable,
}: {
  code: string;
  meaning: string;
  fix: string;
  retryable: boolean;
}): Line[] {
  return [
    [span(code, 'bold'), span(retryable ? '  (tried again by itself)' : '', 'dim')],
    [span(`  ${meaning}`)],
    [span(`  ${fix}`)],
  ];
}
