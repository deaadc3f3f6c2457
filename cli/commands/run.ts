import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { SwitchbackFailure } from '../../core/model/failure';
import { operationNames, type Operation } from '../../core/model/operation';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import { withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { operationInput, type OperationFlags } from '../operation-input';
import { personFrom } from '../person';
import { newRunId } from '../run-id';
import { runbookName } from '../runbook-name';
import { readPlan, refuseStale, type SavedPlan } from '../saved-plan';
import { interruptedRun, interruptedRunId } from '../temporal/interrupted-run';
import { startOperation, type StartedRun } from '../temporal/operations';
import { RunReader } from '../temporal/run-reader';
import { withSession, type Session } from '../temporal/session';
import { span } from '../terminal/line';
import { printJson, printLines } from '../terminal/print';
import { shellQuoted } from '../views/answer-command';
import { followRun, type RunSink } from '../watch/follow-run';
import { interruptible } from '../watch/interrupt';
import { resultLines, silentSink } from '../watch/sinks';
import { watchSink } from '../watch/watch-sink';
import { collectWindow } from '../window-option';
import { keepOption, modeOption, recoveryPointOption, roundTripOption, windowOption } from './operation-options';

interface RunOptions extends JsonOption, ConnectionOptions, OperationFlags {
  readonly requestedBy?: string;
  readonly resumeOf?: string;
  readonly acceptChanges?: true;
  readonly workflowId?: string;
  readonly wait?: true;
  readonly watch?: true;
}

export function declareRun(program: Command, context: CliContext): void {
  const command = program
    .command('run')
    .description('start an operation; by default it does not wait for its end')
    .addArgument(
      new Argument(
        '<operation>',
        'what to do (failover, reprotect, failback or drill); resume, to continue a run that ended early; or a file that `plan --out` made',
      ).argParser(parseWhat),
    )
    .argument('[runbook]', 'name of a runbook of the worker; of resume the run, or its group; none for a file')
    .addOption(modeOption())
    .addOption(recoveryPointOption())
    .addOption(keepOption())
    .addOption(roundTripOption())
    .option('--declare-lost-by <person>', 'who says that the active site is gone (unplanned failover; needs --reason)')
    .option('--reason <text>', 'why, for the record')
    .option('--requested-by <person>', 'who asks for it (default: SWITCHBACK_USER, or your user name)')
    .addOption(windowOption(collectWindow))
    .option('--expect-plan <hash>', 'refuse to run any other plan than the one with this hash')
    .option('--resume-of <run>', 'the long form of `run resume <run>`')
    .option(
      '--accept-changes',
      'resume although what the earlier run did is not so any more: you have looked at the sites',
    )
    .option('--workflow-id <id>', 'id of the run (default: <operation>/<runbook>/<time in UTC>)')
    .addOption(new Option('--wait', 'wait for the verdict and exit with its code').conflicts('watch'))
    .option('--watch', 'show the run until its verdict and exit with its code')
    .action(
      exitingWith(context, (what: What, runbook: string | undefined, options: RunOptions) => {
        if (typeof what === 'object') return runSaved(context, what.file, { runbook, options });
        if (what === 'resume') return resumeRun(context, runbook, options);
        return runOperation(context, { operation: what, runbook: runbookName(named(what, runbook)), options });
      }),
    );
  withExample(
    withConnection(withJson(command)),
    'switchback run failback shop --window maintenance=2026-12-05T22:00/2h --watch',
    'switchback run failover.plan.json --wait',
    'switchback run drill shop --keep 10m --watch',
    'switchback run resume shop --watch',
    'switchback run failover shop --mode unplanned --declare-lost-by ana@example.com --reason "fire in Paris"',
  );
}

const isOperation = (text: string): text is Operation => operationNames.some((name) => name === text);

type What = Operation | 'resume' | { readonly file: string };

function parseWhat(text: string): What {
  if (isOperation(text) || text === 'resume') return text;
  if (text.includes('.') || text.includes('/')) return { file: text };
  throw new InvalidArgumentError(
    `Allowed choices are ${operationNames.join(', ')}, resume, or a file that \`plan --out\` made.`,
  );
}

function named(operation: Operation, runbook: string | undefined): string {
  if (runbook !== undefined) return runbook;
  throw new SwitchbackFailure('InvalidInput', `Name the runbook: switchback run ${operation} <runbook>`);
}

interface RunCall {
  readonly operation: Operation;
  readonly runbook: string;
  readonly options: RunOptions;
  /** A plan that was looked at: only what it says may run. */
  readonly saved?: SavedPlan & { readonly file: string };
}

/** What a saved plan was asked for with is not asked for again. */
async function runSaved(
  context: CliContext,
  file: string,
  { runbook, options }: { readonly runbook: string | undefined; readonly options: RunOptions },
): Promise<number> {
  refuseGiven(options, ['mode', 'recoveryPoint', 'keep', 'roundTrip', 'window', 'expectPlan', 'resumeOf'], {
    because: 'A saved plan says already what runs',
    also: runbook === undefined ? [] : ['a runbook'],
  });
  const saved = await readPlan(file);
  const { runbook: name, operation, mode, recoveryPoint, windows, keepSeconds, keepUntil, roundTrip } = saved.request;
  const flags = {
    ...options,
    ...(mode !== undefined && { mode }),
    ...(recoveryPoint !== undefined && { recoveryPoint }),
    ...(windows !== undefined && { window: windows as NonNullable<RunOptions['window']> }),
    ...(keepSeconds !== undefined && { keep: { keepSeconds } }),
    ...(keepUntil !== undefined && { keep: { keepUntil } }),
    ...(roundTrip && { roundTrip }),
    expectPlan: saved.plan.hash,
  };
  return runOperation(context, { operation, runbook: name, options: flags, saved: { ...saved, file } });
}

/** Everything but who asks for it, and why, is as it was in the run that is continued. */
async function resumeRun(context: CliContext, run: string | undefined, options: RunOptions): Promise<number> {
  refuseGiven(
    options,
    ['mode', 'recoveryPoint', 'keep', 'roundTrip', 'window', 'expectPlan', 'resumeOf', 'declareLostBy'],
    {
      because: 'The run that is resumed says already what runs',
    },
  );
  if (run === undefined) {
    throw new SwitchbackFailure(
      'InvalidInput',
      'Name the run that ended early, or its group: switchback run resume <run>',
    );
  }
  const found = await withSession(options, context.terminal.env, (session) => interruptedRun(session, run));
  const { operation, runbook, workflowId } = found;
  return runOperation(context, { operation, runbook, options: { ...options, resumeOf: workflowId } });
}

function refuseGiven(
  options: RunOptions,
  names: readonly (keyof RunOptions)[],
  { because, also = [] }: { readonly because: string; readonly also?: readonly string[] },
): void {
  const given = [
    ...also,
    ...names.flatMap((name) =>
      options[name] === undefined ? [] : [`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`],
    ),
  ];
  if (given.length > 0) throw new SwitchbackFailure('InvalidInput', `${because}; leave out ${given.join(', ')}.`);
}

async function runOperation(context: CliContext, call: RunCall): Promise<number> {
  const { terminal } = context;
  const { operation, runbook, options } = call;
  const workflowId = options.workflowId ?? newRunId(operation, runbook, new Date());
  return withSession(options, terminal.env, async (session) => {
    if (call.saved) await refuseStale(session, call.saved.file, call.saved);
    const resumeOf = await interrupted(session, options);
    const requestedBy = personFrom(options.requestedBy, terminal.env);
    const input = { ...operationInput(operation, runbook, options), requestedBy, ...(resumeOf && { resumeOf }) };
    const run = await startOperation(session, { operation, workflowId, input });
    if (options.wait) return follow(session, run, (started) => waitSink(context, started, options));
    if (options.watch) return follow(session, run, () => watchSink(terminal, options.json === true));
    if (options.json) printJson(terminal, run);
    else sayStarted(context, run);
    return exitCodes.done;
  });
}

async function follow(
  session: Session,
  run: StartedRun,
  sinkOf: (run: StartedRun) => RunSink | Promise<RunSink>,
): Promise<number> {
  const sink = await sinkOf(run);
  return interruptible((signal) => followRun(new RunReader(session, run.workflowId), sink, signal));
}

const waitSink = ({ terminal }: CliContext, run: StartedRun, { json }: RunOptions): RunSink =>
  silentSink(terminal, (result) => {
    if (json) printJson(terminal, { ...run, ...result });
    else printLines(terminal, resultLines(result));
  });

function sayStarted({ terminal }: CliContext, { workflowId }: StartedRun): void {
  printLines(terminal, [
    [span('started '), span(workflowId, 'bold')],
    [span(`  switchback watch ${shellQuoted(workflowId)}`, 'cyan')],
  ]);
}

async function interrupted(session: Session, { resumeOf, acceptChanges }: RunOptions) {
  if (resumeOf === undefined) {
    if (acceptChanges === undefined) return undefined;
    throw new SwitchbackFailure('InvalidInput', '--accept-changes belongs to a run that is resumed.');
  }
  const runId = await interruptedRunId(session, resumeOf);
  return { workflowId: resumeOf, runId, ...(acceptChanges && { acceptChanges }) };
}
