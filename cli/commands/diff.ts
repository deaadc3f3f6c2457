import type { Command } from 'commander';
import { exitCodes } from '../../core/model/verdict';
import { compareRuns } from '../../core/report/compare-runs';
import { exitingWith, type CliContext } from '../context';
import { withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { earlierReports, runSource } from '../report-source';
import { printJson, printLines } from '../terminal/print';
import { comparisonLines } from '../views/comparison-view';

type DiffOptions = JsonOption & ConnectionOptions;

export function declareDiff(program: Command, context: CliContext): void {
  const command = program
    .command('diff')
    .description(
      'what tells two runs apart: plan, verdict, figures, decisions, checks, and steps that took unusually long',
    )
    .argument('<first>', 'id of a run, name of a group (its newest run), or the JSON file of a report')
    .argument('<second>', 'the later one')
    .action(
      exitingWith(context, (first: string, second: string, options: DiffOptions) =>
        diff(context, [first, second], options),
      ),
    );
  withExample(
    withConnection(withJson(command)),
    'switchback diff failover/shop/20261121-101500 failover/shop/20261128-101500',
    'switchback diff first.json second.json --json',
  );
}

/** Files need no server: it also works when Temporal has the runs no more. */
async function diff(
  { terminal }: CliContext,
  [one, other]: readonly [first: string, second: string],
  options: DiffOptions,
): Promise<number> {
  const connection = { options, env: terminal.env };
  const [first, second] = [await runSource(one, connection), await runSource(other, connection)];
  const comparison = compareRuns(first.report, second.report, await earlierReports(second, connection));
  if (options.json) printJson(terminal, comparison);
  else printLines(terminal, comparisonLines(comparison));
  return exitCodes.done;
}
