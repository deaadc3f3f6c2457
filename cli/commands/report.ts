import { Option, type Command } from 'commander';
import { buildReport } from '../../core/report/build-report';
import { renderMarkdown } from '../../core/report/render-markdown';
import type { Report } from '../../core/report/report';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import { withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { attestationOf } from '../temporal/attestations';
import { resolveRun } from '../temporal/resolve-run';
import { RunReader } from '../temporal/run-reader';
import { withSession, type Session } from '../temporal/session';
import { printJson } from '../terminal/print';
import { safeText } from '../terminal/safe-text';

interface ReportOptions extends JsonOption, ConnectionOptions {
  readonly format: 'md' | 'json';
}

export function declareReport(program: Command, context: CliContext): void {
  const command = program
    .command('report')
    .description('what a run did, measured and lost, from its recorded events; of a running one: so far')
    .argument('<run>', 'id of the run, or name of a group: its running or else newest run')
    .addOption(new Option('--format <format>', 'Markdown or JSON').choices(['md', 'json']).default('md'))
    .action(exitingWith(context, (run: string, options: ReportOptions) => printReport(context, run, options)));
  withExample(withConnection(withJson(command)), 'switchback report shop > report.md');
}

async function printReport({ terminal }: CliContext, run: string, options: ReportOptions): Promise<number> {
  const report = await withSession(options, terminal.env, async (session) =>
    reportOf(session, await resolveRun(session, run)),
  );
  if (options.json || options.format === 'json') printJson(terminal, report);
  else terminal.out(safeText(renderMarkdown(report)));
  return exitCodes.done;
}

async function reportOf(session: Session, workflowId: string): Promise<Report> {
  const reader = new RunReader(session, workflowId);
  const [status, plan, events] = await Promise.all([reader.status(), reader.plan(), reader.timeline()]);
  const { runId, group, operation } = status;
  const run = { workflowId, runId, group, operation };
  const asked = events.some(({ kind }) => kind === 'attestation-asked');
  const attestation = asked && { attestation: (await attestationOf(session, run)) ?? null };
  return buildReport({ run, ...(plan && { plan }), events, ...attestation });
}
