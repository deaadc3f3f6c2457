import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Operation } from '../../core/model/operation';
import type { Opening, PlanStep, RecoveryPlan } from '../../core/model/plan';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import { withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { runbookName } from '../runbook-name';
import { compilePlan } from '../temporal/operations';
import { withSession } from '../temporal/session';
import { formatSeconds, secondsBetween } from '../terminal/format';
import { span, type Line } from '../terminal/line';
import { printJson, printLines } from '../terminal/print';
import { operationNames } from './operation-options';

interface WindowsOptions extends JsonOption, ConnectionOptions {
  readonly operation: Operation;
  readonly next: number;
}

interface ShownOpening extends Opening {
  readonly gate: string;
  readonly timeZone: string;
  readonly seconds: number;
  readonly fits: boolean;
}

const DEFAULT_NEXT = 5;
const MOST_NEXT = 20;

export function declareWindows(program: Command, context: CliContext): void {
  const command = program
    .command('windows')
    .description('the next openings of the maintenance windows of an operation, and whether it fits into each')
    .argument('<runbook>', 'name of a runbook of the worker')
    .addOption(new Option('--operation <operation>', 'whose windows').choices(operationNames).default('failback'))
    .option('--next <count>', `how many of each window, at most ${MOST_NEXT}`, parseCount, DEFAULT_NEXT)
    .action(exitingWith(context, (runbook: string, options: WindowsOptions) => showWindows(context, runbook, options)));
  withExample(withConnection(withJson(command)), 'switchback windows shop --operation failback --next 3');
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_NEXT) return count;
  throw new InvalidArgumentError(`Write a number from 1 to ${MOST_NEXT}.`);
}

async function showWindows({ terminal }: CliContext, runbook: string, options: WindowsOptions): Promise<number> {
  const { operation, next, json } = options;
  const plan = await withSession(options, terminal.env, (session) =>
    compilePlan(session, { runbook: runbookName(runbook), operation }),
  );
  const openings = plan.steps.flatMap((step) => openingsOf(plan, step).slice(0, next));
  if (json) printJson(terminal, { operation, estimateSeconds: plan.estimateSeconds, openings });
  else printLines(terminal, openingLines(plan, openings));
  return exitCodes.done;
}

function openingsOf(plan: RecoveryPlan, { id, input }: PlanStep): readonly ShownOpening[] {
  const { gate, opensAt, closesAt } = input;
  if (gate?.kind !== 'window') return [];
  const once = opensAt === undefined || closesAt === undefined ? [] : [{ opensAt, closesAt }];
  return (plan.openings?.[id] ?? once).map((opening) => {
    const seconds = secondsBetween(opening.opensAt, opening.closesAt);
    const { name, timeZone } = gate;
    return { gate: name, timeZone, ...opening, seconds, fits: seconds >= plan.estimateSeconds };
  });
}

function openingLines({ operation, group, estimateSeconds }: RecoveryPlan, openings: readonly ShownOpening[]): Line[] {
  const head = [
    span(`${operation} of ${group}`, 'bold'),
    span(`: about ${formatSeconds(estimateSeconds)} of machine time`),
  ];
  if (openings.length === 0) return [head, [span('no window opens within the next 400 days', 'yellow')]];
  return [
    head,
    ...openings.map(({ gate, timeZone, opensAt, seconds, fits }): Line => [
      span(fits ? '✓ ' : '! ', fits ? 'green' : 'yellow'),
      span(`${gate}  `),
      span(localText(opensAt, timeZone), 'bold'),
      span(` ${timeZone}, for ${formatSeconds(seconds)}${fits ? '' : ': too short for the estimate'}`),
    ]),
  ];
}

/** "Sat 2026-12-05 22:00" as clocks in the zone show it. */
function localText(instant: string, timeZone: string): string {
  const field = '2-digit' as const;
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: field,
    day: field,
    hour: field,
    minute: field,
    hourCycle: 'h23',
  }).formatToParts(new Date(instant));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('weekday')} ${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`;
}
