import type { Command } from 'commander';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import { withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { runbookName } from '../runbook-name';
import { stageNow } from '../temporal/operations';
import { withSession } from '../temporal/session';
import { printJson, printLines } from '../terminal/print';
import { stageLines } from '../views/stage-view';

type StageOptions = JsonOption & ConnectionOptions & { readonly dryRun?: true };

export function declareStage(program: Command, context: CliContext): void {
  const command = program
    .command('stage')
    .description('make the objects of the standby what they are at the active site, and start none of them there')
    .argument('<runbook>', 'name of a runbook of the worker')
    .option('--dry-run', 'only say what would be changed')
    .action(exitingWith(context, (runbook: string, options: StageOptions) => stage(context, runbook, options)));
  withExample(withConnection(withJson(command)), 'switchback stage shop --dry-run', 'switchback stage shop');
}

/** Exit code 1 when something could not be staged. What is kept because it is somebody else's is no failure. */
async function stage({ terminal }: CliContext, runbook: string, options: StageOptions): Promise<number> {
  const diff = await withSession(options, terminal.env, (session) =>
    stageNow(session, runbookName(runbook), options.dryRun === true),
  );
  if (options.json) printJson(terminal, diff);
  else printLines(terminal, stageLines(diff));
  return diff.troubleCount === 0 ? exitCodes.done : exitCodes.failed;
}
