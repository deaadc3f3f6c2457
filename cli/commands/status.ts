import type { Command } from 'commander';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import { withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { runbookName } from '../runbook-name';
import { groupStatuses, listGroups } from '../temporal/groups';
import { withSession } from '../temporal/session';
import { printJson, printLines } from '../terminal/print';
import { groupStatusLines } from '../views/group-status';

type StatusOptions = JsonOption & ConnectionOptions;

export function declareStatus(program: Command, context: CliContext): void {
  const command = program
    .command('status')
    .description('state, active site, epoch and lag of every group, what runs, and what waits for whom')
    .argument('[runbook]', 'only this group')
    .action(
      exitingWith(context, (runbook: string | undefined, options: StatusOptions) => status(context, runbook, options)),
    );
  withExample(withConnection(withJson(command)), 'switchback status', 'switchback status shop --json');
}

async function status({ terminal }: CliContext, runbook: string | undefined, options: StatusOptions): Promise<number> {
  const groups = await withSession(options, terminal.env, async (session) =>
    groupStatuses(session, runbook === undefined ? await listGroups(session) : [runbookName(runbook)]),
  );
  if (options.json) printJson(terminal, groups);
  else if (groups.length > 0) printLines(terminal, groupStatusLines(groups, new Date().toISOString()));
  else terminal.note('No group is protected yet. The first operation of a runbook protects it: switchback run ...');
  return exitCodes.done;
}
