import type { Command } from 'commander';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import { withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { runbookName } from '../runbook-name';
import { groupStatuses, listGroups } from '../temporal/groups';
import { withSession } from '../temporal/session';
import { printJson, printLines } from '../terminal/print';
import type { Line } from '../terminal/line';
import type { Terminal } from '../terminal/terminal';
import { groupStatusLines, type GroupStatus } from '../views/group-status';
import { overviewLines } from '../views/groups-overview';
import { followGroups, liveGroups, printedGroups, type GroupsSink } from '../watch/follow-groups';
import { interruptible } from '../watch/interrupt';

type StatusOptions = JsonOption & ConnectionOptions & { readonly watch?: true };

export function declareStatus(program: Command, context: CliContext): void {
  const command = program
    .command('status')
    .description(
      'all groups on one screen: state, active site, lag against RPO, readiness, drills, what runs and what waits for whom',
    )
    .argument('[runbook]', 'only this group, with all that is known of it')
    .option('--watch', 'look again and again until ctrl-c')
    .action(
      exitingWith(context, (runbook: string | undefined, options: StatusOptions) => status(context, runbook, options)),
    );
  withExample(
    withConnection(withJson(command)),
    'switchback status',
    'switchback status --watch',
    'switchback status shop --json',
  );
}

async function status({ terminal }: CliContext, runbook: string | undefined, options: StatusOptions): Promise<number> {
  return withSession(options, terminal.env, async (session) => {
    const look = async (): Promise<readonly GroupStatus[]> =>
      groupStatuses(session, runbook === undefined ? await listGroups(session) : [runbookName(runbook)]);
    if (options.watch) {
      const sink = await sinkFor(terminal, options.json === true);
      return interruptible((signal) => followGroups(look, sink, signal));
    }
    const groups = await look();
    if (options.json) printJson(terminal, groups);
    else if (groups.length > 0) printLines(terminal, viewOf(groups, new Date().toISOString()));
    else terminal.note('No group is protected yet. The first operation of a runbook protects it: switchback run ...');
    return exitCodes.done;
  });
}

/** Of one group all that is known, of several a row each. */
const viewOf = (groups: readonly GroupStatus[], now: string): readonly Line[] =>
  groups.length === 1 ? groupStatusLines(groups, now) : overviewLines(groups, now);

async function sinkFor(terminal: Terminal, json: boolean): Promise<GroupsSink> {
  if (json || !terminal.interactive || terminal.env['TERM'] === 'dumb') return printedGroups(terminal, viewOf, json);
  const { default: logUpdate } = await import('log-update');
  return liveGroups(terminal, viewOf, logUpdate);
}
