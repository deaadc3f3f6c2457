import type { Command } from 'commander';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import { withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { runbookName } from '../runbook-name';
import { inspect } from '../temporal/operations';
import { withSession } from '../temporal/session';
import { printJson, printLines } from '../terminal/print';
import { listedPoints, pointsLines } from '../views/points-view';

export function declarePoints(program: Command, context: CliContext): void {
  const command = program
    .command('points')
    .description('the recovery points of a group, by site and volume, and what a failover from each would lose')
    .argument('<runbook>', 'name of a runbook of the worker')
    .action(
      exitingWith(context, (runbook: string, options: JsonOption & ConnectionOptions) =>
        showPoints(context, runbook, options),
      ),
    );
  withExample(withConnection(withJson(command)), 'switchback points shop');
}

/** Exit code 1 only when no site answers: one that is lost is what the list is looked at for. */
async function showPoints(
  { terminal }: CliContext,
  runbook: string,
  options: JsonOption & ConnectionOptions,
): Promise<number> {
  const inspection = await withSession(options, terminal.env, (session) =>
    inspect(session, runbookName(runbook), false),
  );
  const sites = listedPoints(inspection, new Date().toISOString());
  if (options.json) printJson(terminal, { group: inspection.runbook.group, sites });
  else printLines(terminal, pointsLines(inspection, sites));
  return sites.some(({ reachable }) => reachable) ? exitCodes.done : exitCodes.failed;
}
