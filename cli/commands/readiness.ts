import type { Command } from 'commander';
import type { ReadinessState } from '../../core/model/readiness';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import { withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { runbookName } from '../runbook-name';
import { evaluateReadiness } from '../temporal/operations';
import { withSession } from '../temporal/session';
import { printJson, printLines } from '../terminal/print';
import { readinessLines } from '../views/readiness-view';

type ReadinessOptions = JsonOption & ConnectionOptions;

const exits: Readonly<Record<ReadinessState, number>> = {
  Ready: exitCodes.done,
  AtRisk: exitCodes.atRisk,
  NotReady: exitCodes.notReady,
};

export function declareReadiness(program: Command, context: CliContext): void {
  const command = program
    .command('readiness')
    .description('whether what is possible next would work now, and what to do when not; changes nothing')
    .argument('<runbook>', 'name of a runbook of the worker')
    .action(exitingWith(context, (runbook: string, options: ReadinessOptions) => readiness(context, runbook, options)));
  withExample(withConnection(withJson(command)), 'switchback readiness shop', 'switchback readiness shop --json');
}

async function readiness({ terminal }: CliContext, runbook: string, options: ReadinessOptions): Promise<number> {
  const name = runbookName(runbook);
  const found = await withSession(options, terminal.env, (session) => evaluateReadiness(session, name));
  if (options.json) printJson(terminal, found);
  else printLines(terminal, readinessLines(name, found));
  return exits[found.state];
}
