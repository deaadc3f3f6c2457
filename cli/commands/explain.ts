import type { Command } from 'commander';
import { failureCodes } from '../../core/model/failure-codes';
import { wrongEnds } from '../../core/model/fault-trial';
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

interface Row {
  readonly meaning: string;
  readonly fix: string;
  /** Only of failures. */
  readonly retryable?: boolean;
}

/** Failures of runs and commands, and what tests find. */
const known: Readonly<Record<string, Row>> = { ...failureCodes, ...wrongEnds };
const codes = Object.keys(known);

function explain({ terminal }: CliContext, code: string | undefined, { json }: JsonOption): number {
  const wanted = code === undefined ? codes : [knownCode(code)];
  const rows = wanted.flatMap((one) => (known[one] ? { code: one, ...known[one] } : []));
  if (json) printJson(terminal, code === undefined ? rows : rows[0]);
  else printLines(terminal, rows.flatMap(explanation));
  return exitCodes.done;
}

function knownCode(code: string): string {
  const found = codes.find((one) => one.toLowerCase() === code.toLowerCase());
  if (found !== undefined) return found;
  throw new SwitchbackFailure('InvalidInput', `There is no error code "${code}"${didYouMean(code, codes)}`);
}

const explanation = ({ code, meaning, fix, retryable }: Row & { readonly code: string }): Line[] => [
  [span(code, 'bold'), span(retryable ? '  (tried again by itself)' : '', 'dim')],
  [span(`  ${meaning}`)],
  [span(`  ${fix}`)],
];
