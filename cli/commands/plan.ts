import { Option, type Command } from 'commander';
import { operationNames, type Operation } from '../../core/model/operation';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import { withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import type { Keep } from '../keep-option';
import { refuseFlags } from '../operation-input';
import { runbookName } from '../runbook-name';
import { savePlan } from '../saved-plan';
import { compilePlan } from '../temporal/operations';
import { withSession } from '../temporal/session';
import { printJson, printLines } from '../terminal/print';
import { shellQuoted } from '../views/answer-command';
import { planLines } from '../views/plan-view';
import { collectWindow, type Windows } from '../window-option';
import { keepOption, modeOption, recoveryPointOption, roundTripOption, windowOption } from './operation-options';

interface PlanOptions extends JsonOption, ConnectionOptions {
  readonly operation: Operation;
  readonly mode?: 'planned' | 'unplanned';
  readonly recoveryPoint?: string;
  readonly keep?: Keep;
  readonly roundTrip?: true;
  readonly window?: Windows;
  readonly out?: string;
}

export function declarePlan(program: Command, context: CliContext): void {
  const command = program
    .command('plan')
    .description('show what an operation would do, with live prechecks; changes nothing')
    .argument('<runbook>', 'name of a runbook of the worker')
    .addOption(new Option('--operation <operation>', 'what to plan').choices(operationNames).makeOptionMandatory())
    .addOption(modeOption())
    .addOption(recoveryPointOption())
    .addOption(keepOption())
    .addOption(roundTripOption())
    .addOption(windowOption(collectWindow))
    .option('--out <file>', 'save the plan, to look at it and to run exactly it: switchback run <file>')
    .action(exitingWith(context, (runbook: string, options: PlanOptions) => showPlan(context, runbook, options)));
  withExample(
    withConnection(withJson(command)),
    'switchback plan shop --operation failback --window maintenance=2026-12-05T22:00/2h',
    'switchback plan shop --operation failover --out failover.plan.json',
    'switchback plan shop --operation failover --mode unplanned --json',
    'switchback plan shop --operation drill --keep 30m',
    'switchback plan shop --operation drill --round-trip',
  );
}

/** Exit code 4 when a precheck of severity error failed: a run of this plan would be refused. */
async function showPlan({ terminal }: CliContext, runbook: string, options: PlanOptions): Promise<number> {
  const { operation, mode, recoveryPoint, keep, roundTrip, window: windows } = options;
  refuseFlags(operation, options);
  const request = {
    runbook: runbookName(runbook),
    operation,
    ...(mode !== undefined && { mode }),
    ...(recoveryPoint !== undefined && { recoveryPoint }),
    ...keep,
    ...(roundTrip && { roundTrip }),
    ...(windows !== undefined && { windows }),
  };
  const plan = await withSession(options, terminal.env, (session) => compilePlan(session, request));
  if (options.out !== undefined) await savePlan(options.out, { request, plan });
  if (options.json) printJson(terminal, plan);
  else printLines(terminal, planLines(plan, new Date().toISOString()));
  if (options.out !== undefined)
    terminal.note(`saved; to run exactly this: switchback run ${shellQuoted(options.out)}`);
  return plan.prechecks.some(({ severity }) => severity === 'error') ? exitCodes.refused : exitCodes.done;
}
