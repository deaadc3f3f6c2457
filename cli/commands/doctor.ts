import type { Command } from 'commander';
import { SwitchbackFailure } from '../../core/model/failure';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import { doctorChecks } from '../doctor/check-catalog';
import type { CheckResult } from '../doctor/check';
import { examine } from '../doctor/examine';
import { withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { runbookName } from '../runbook-name';
import { withSession } from '../temporal/session';
import { printJson, printLines } from '../terminal/print';
import { checkLines } from '../views/doctor-view';

type DoctorOptions = JsonOption & ConnectionOptions;

export function declareDoctor(program: Command, context: CliContext): void {
  const command = program
    .command('doctor')
    .description('check server, namespace, workers and sites, and say what to do about what is wrong')
    .argument('[runbook]', 'the sites of this group only, protected already or not')
    .action(
      exitingWith(context, (runbook: string | undefined, options: DoctorOptions) => doctor(context, runbook, options)),
    );
  withExample(withConnection(withJson(command)), 'switchback doctor', 'switchback doctor shop --json');
}

/** Exit code 0 when nothing is an error (warnings may be there), 1 when something is, 7 when no server answers. */
async function doctor({ terminal }: CliContext, runbook: string | undefined, options: DoctorOptions): Promise<number> {
  const results: CheckResult[] = [];
  const report = (result: CheckResult): void => {
    if (!options.json) printLines(terminal, checkLines(result, results.at(-1)));
    results.push(result);
  };
  const reached = await withSession(options, terminal.env, async (session) => {
    for await (const result of examine(session, runbook === undefined ? undefined : runbookName(runbook)))
      report(result);
    return true;
  }).catch((error: unknown) => {
    report(unreachable(error));
    return false;
  });
  const well = results.every(({ status }) => status !== 'error');
  if (options.json)
    printJson(terminal, { ok: well, checks: results.map((one) => ({ group: doctorChecks[one.id].group, ...one })) });
  if (!reached) return exitCodes.unavailable;
  return well ? exitCodes.done : exitCodes.failed;
}

function unreachable(error: unknown): CheckResult {
  if (!(error instanceof SwitchbackFailure) || error.code !== 'TemporalUnavailable') throw error;
  return {
    id: 'server-answers',
    status: 'error',
    saw: error.message,
    fix: 'Start one: switchback dev. Or name another: --address, TEMPORAL_ADDRESS or a profile.',
  };
}
