import { InvalidArgumentError, Option, type Command } from 'commander';
import { operationNames, type Operation } from '../../core/model/operation';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import { withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { refuseFlags } from '../operation-input';
import { runbookName } from '../runbook-name';
import { compilePlan } from '../temporal/operations';
import { withSession } from '../temporal/session';
import { printJson, printLines } from '../terminal/print';
import { collectWindow, type Windows } from '../window-option';
import { openingLines, shownOpenings } from '../views/windows-view';
import { modeOption, windowOption } from './operation-options';

interface WindowsOptions extends JsonOption, ConnectionOptions {
  readonly operation: Operation;
  readonly mode?: 'planned' | 'unplanned';
  readonly window?: Windows;
  readonly next: number;
}

const DEFAULT_NEXT = 5;
const MOST_NEXT = 20;

export function declareWindows(program: Command, context: CliContext): void {
  const command = program
    .command('windows')
    .description('the next openings of the maintenance windows of an operation, and whether it fits into each')
    .argument('<runbook>', 'name of a runbook of the worker')
    .addOption(new Option('--operation <operation>', 'whose windows').choices(operationNames).default('failback'))
    .addOption(modeOption())
    .addOption(windowOption(collectWindow))
    .option('--next <count>', `how many of each window, at most ${MOST_NEXT}`, parseCount, DEFAULT_NEXT)
    .action(exitingWith(context, (runbook: string, options: WindowsOptions) => showWindows(context, runbook, options)));
  withExample(
    withConnection(withJson(command)),
    'switchback windows shop --operation failback --next 3',
    'switchback windows shop --operation failover --mode unplanned',
    'switchback windows shop --window maintenance=2026-12-05T22:00/2h',
  );
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_NEXT) return count;
  throw new InvalidArgumentError(`Write a number from 1 to ${MOST_NEXT}.`);
}

async function showWindows({ terminal }: CliContext, runbook: string, options: WindowsOptions): Promise<number> {
  const { operation, mode, window: windows, next, json } = options;
  refuseFlags(operation, options);
  const plan = await withSession(options, terminal.env, (session) =>
    compilePlan(session, {
      runbook: runbookName(runbook),
      operation,
      ...(mode !== undefined && { mode }),
      ...(windows !== undefined && { windows }),
    }),
  );
  const openings = shownOpenings(plan, { next, now: Date.now() });
  const { mode: planned, estimateSeconds, earlierRuns } = plan;
  if (json) printJson(terminal, { operation, mode: planned, estimateSeconds, earlierRuns, openings });
  else printLines(terminal, openingLines(plan, openings));
  return exitCodes.done;
}
