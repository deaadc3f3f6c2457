import type { Command } from 'commander';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import { byOption, withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { personFrom } from '../person';
import { runbookName } from '../runbook-name';
import { applySchedules } from '../schedules/apply-schedules';
import type { ScheduleName } from '../../temporal/schedule-name';
import { pauseSchedule, resumeSchedule } from '../schedules/pause-schedule';
import { listSchedules, removeSchedule, resolveSchedule } from '../schedules/schedule-store';
import { scheduleState, triggerSchedule } from '../schedules/scheduled-runs';
import { withSession, type Session } from '../temporal/session';
import { span, type Line } from '../terminal/line';
import { printJson, printLines } from '../terminal/print';
import { shellQuoted } from '../views/answer-command';
import { changeLines, scheduleLines } from '../views/schedule-view';

type Options = JsonOption & ConnectionOptions;

const NAME = 'name of the schedule, or <group>/<name>';

export function declareSchedule(program: Command, context: CliContext): void {
  const schedule = program.command('schedule').description('drills that start by themselves, as runbooks declare them');
  withExample(schedule, 'switchback schedule apply shop', 'switchback schedule list');
  declareApply(schedule, context);
  declareList(schedule, context);
  declarePauses(schedule, context);
  declareDeed(schedule, context, {
    name: 'trigger',
    description: 'start a run now, as if it were due, also of one that is paused',
    carryOut: trigger,
  });
  declareDeed(schedule, context, {
    name: 'remove',
    description: 'remove a schedule; its runs stay, and the next apply makes it again if a runbook still declares it',
    carryOut: remove,
  });
}

function declareApply(schedule: Command, context: CliContext): void {
  const command = schedule
    .command('apply')
    .description('make the schedules of groups what their runbooks declare, and say what was changed')
    .argument('<runbooks...>', 'names of runbooks of the worker')
    .option('--dry-run', 'only say what would be changed')
    .action(
      exitingWith(context, (runbooks: readonly string[], options: Options & { readonly dryRun?: true }) =>
        apply(context, runbooks, options),
      ),
    );
  withExample(
    withConnection(withJson(command)),
    'switchback schedule apply shop --dry-run',
    'switchback schedule apply runbooks/*.yaml',
  );
}

async function apply(
  { terminal }: CliContext,
  runbooks: readonly string[],
  options: Options & { readonly dryRun?: true },
): Promise<number> {
  const dryRun = options.dryRun === true;
  const names = [...new Set(runbooks.map(runbookName))];
  const changes = await withSession(options, terminal.env, (session) => applySchedules(session, names, { dryRun }));
  if (options.json) printJson(terminal, { dryRun, schedules: changes });
  else printLines(terminal, changeLines(changes, dryRun));
  return exitCodes.done;
}

function declareList(schedule: Command, context: CliContext): void {
  const command = schedule
    .command('list')
    .description('when schedules start next, how their last runs ended, and which are paused and why')
    .argument('[runbook]', 'only those of this group')
    .action(exitingWith(context, (runbook: string | undefined, options: Options) => list(context, runbook, options)));
  withExample(withConnection(withJson(command)), 'switchback schedule list shop');
}

async function list({ terminal }: CliContext, runbook: string | undefined, options: Options): Promise<number> {
  const found = await withSession(options, terminal.env, async (session) => {
    const names = await listSchedules(session, runbook && runbookName(runbook));
    return Promise.all(names.map((name) => scheduleState(session, name)));
  });
  const schedules = found.filter((state) => state !== undefined);
  if (options.json) printJson(terminal, schedules);
  else if (schedules.length > 0) printLines(terminal, scheduleLines(schedules));
  else terminal.note('There is no schedule. Declare one in a runbook, then: switchback schedule apply <runbook>');
  return exitCodes.done;
}

interface PauseOptions extends Options {
  readonly by?: string;
  readonly reason?: string;
}

function declarePauses(schedule: Command, context: CliContext): void {
  const pause = schedule
    .command('pause')
    .description('start nothing until the schedule is resumed; what runs goes on')
    .argument('<name>', NAME)
    .addOption(byOption())
    .requiredOption('--reason <text>', 'why; everybody who looks at the schedule reads it')
    .action(
      exitingWith(context, (name: string, options: PauseOptions) =>
        deed(context, { name, options, done: 'paused', carryOut: pausing(context, options) }),
      ),
    );
  withExample(
    withConnection(withJson(pause)),
    'switchback schedule pause shop/quarterly-drill --reason "freeze until January"',
  );
  const resume = schedule
    .command('resume')
    .alias('unpause')
    .description('let a schedule start again; starts that were due while it was paused are not made up for')
    .argument('<name>', NAME)
    .action(
      exitingWith(context, (name: string, options: Options) =>
        deed(context, { name, options, done: 'resumed', carryOut: resumeSchedule }),
      ),
    );
  withExample(withConnection(withJson(resume)), 'switchback schedule resume shop/quarterly-drill');
}

const pausing =
  ({ terminal }: CliContext, { by, reason = '' }: PauseOptions) =>
  (session: Session, name: ScheduleName): Promise<void> =>
    pauseSchedule(session, name, `paused by ${personFrom(by, terminal.env)}: ${reason}`);

/** What is done to one schedule; gives what there is to say beside its name. */
type CarryOut = (session: Session, name: ScheduleName) => Promise<object | void>;

function declareDeed(
  schedule: Command,
  context: CliContext,
  row: {
    readonly name: string;
    readonly description: string;
    readonly carryOut: CarryOut;
  },
): void {
  const done = { trigger: 'triggered', remove: 'removed' }[row.name] ?? row.name;
  const command = schedule
    .command(row.name)
    .description(row.description)
    .argument('<name>', NAME)
    .action(
      exitingWith(context, (name: string, options: Options) =>
        deed(context, { name, options, done, carryOut: row.carryOut }),
      ),
    );
  withExample(withConnection(withJson(command)), `switchback schedule ${row.name} shop/quarterly-drill`);
}

const trigger: CarryOut = triggerSchedule;
const remove: CarryOut = removeSchedule;

async function deed(
  { terminal }: CliContext,
  {
    name,
    options,
    done,
    carryOut,
  }: { readonly name: string; readonly options: Options; readonly done: string; readonly carryOut: CarryOut },
): Promise<number> {
  const answer = await withSession(options, terminal.env, async (session) => {
    const found = await resolveSchedule(session, name);
    const more = await carryOut(session, found);
    return { group: found.group, name: found.name, done, ...more };
  });
  if (options.json) printJson(terminal, answer);
  else printLines(terminal, doneLines(answer));
  return exitCodes.done;
}

function doneLines(answer: { group: string; name: string; done: string; workflowId?: string }): Line[] {
  const { group, name, done, workflowId } = answer;
  return [
    [span(`${done} `), span(`${group}/${name}`, 'bold')],
    ...(workflowId === undefined ? [] : [[span(`  switchback watch ${shellQuoted(workflowId)}`, 'cyan' as const)]]),
  ];
}
