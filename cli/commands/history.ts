import { InvalidArgumentError, type Command } from 'commander';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import { withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { runbookName } from '../runbook-name';
import { groupHistory } from '../temporal/group-history';
import { withSession } from '../temporal/session';
import { printJson, printLines } from '../terminal/print';
import { historyLines } from '../views/history-view';

interface HistoryOptions extends JsonOption, ConnectionOptions {
  readonly limit: number;
}

export function declareHistory(program: Command, context: CliContext): void {
  const command = program
    .command('history')
    .description('runs and drills of a group, newest first: verdict, recovery time, downtime, data loss, who')
    .argument('<runbook>', 'name of a runbook of the worker')
    .option('--limit <number>', 'so many at most', parseLimit, 50)
    .action(exitingWith(context, (runbook: string, options: HistoryOptions) => history(context, runbook, options)));
  withExample(withConnection(withJson(command)), 'switchback history shop', 'switchback history shop --limit 5 --json');
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new InvalidArgumentError(`"${text}" is no number of runs; give one from 1 on.`);
}

async function history({ terminal }: CliContext, runbook: string, options: HistoryOptions): Promise<number> {
  const group = runbookName(runbook);
  const all = await withSession(options, terminal.env, (session) => groupHistory(session, group));
  const rows = all.slice(0, options.limit);
  if (options.json) printJson(terminal, rows);
  else if (rows.length > 0) printLines(terminal, historyLines(rows));
  else terminal.note(`Group "${group}" has had no run yet.`);
  return exitCodes.done;
}
