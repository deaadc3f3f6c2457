import type { Command } from 'commander';
import { SwitchbackFailure } from '../../core/model/failure';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import { withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { runbookName } from '../runbook-name';
import { listGroups } from '../temporal/groups';
import type { Inspection } from '../temporal/inspection';
import { inspect } from '../temporal/operations';
import { withSession } from '../temporal/session';
import { printJson, printLines } from '../terminal/print';
import { allWell, sitesLines } from '../views/sites-view';

type SitesOptions = JsonOption & ConnectionOptions;

const TEST = 'test';

export function declareSites(program: Command, context: CliContext): void {
  const command = program
    .command('sites')
    .description('health, workloads, data and lag of both sites; with "test", the way between them as well')
    .argument('[runbook]', 'only the sites of this group')
    .argument('[test]', 'the word "test": try the way from each site to the other')
    .action(
      exitingWith(context, (first: string | undefined, second: string | undefined, options: SitesOptions) =>
        sites(context, readArguments(first, second), options),
      ),
    );
  withExample(withConnection(withJson(command)), 'switchback sites shop', 'switchback sites test');
}

interface Asked {
  readonly runbook?: string;
  readonly connectivity: boolean;
}

/** "test" alone is not the name of a runbook; both orders are understood. */
export function readArguments(first: string | undefined, second: string | undefined): Asked {
  if (second === undefined) {
    return first === undefined || first === TEST
      ? { connectivity: first === TEST }
      : { runbook: first, connectivity: false };
  }
  if (second === TEST) return { ...(first !== undefined && { runbook: first }), connectivity: true };
  if (first === TEST) return { runbook: second, connectivity: true };
  throw new SwitchbackFailure(
    'InvalidInput',
    `"${second}" is not understood; the word after the runbook can only be "test".`,
  );
}

/** Exit code 1 when something is not in order. */
async function sites({ terminal }: CliContext, asked: Asked, options: SitesOptions): Promise<number> {
  const inspections = await withSession(options, terminal.env, async (session) => {
    const names = asked.runbook === undefined ? await listGroups(session) : [runbookName(asked.runbook)];
    const all: Inspection[] = [];
    // One after the other: each look asks both sites already.
    for (const name of names) all.push(await inspect(session, name, asked.connectivity));
    return all;
  });
  if (options.json) printJson(terminal, inspections);
  else if (inspections.length === 0)
    terminal.note('No group is protected yet; name a runbook: switchback sites <runbook>');
  else for (const one of inspections) printLines(terminal, sitesLines(one, new Date().toISOString()));
  return inspections.every(allWell) ? exitCodes.done : exitCodes.failed;
}
