import { Option, type Command } from 'commander';
import { buildReport } from '../../core/report/build-report';
import { renderHtml } from '../../core/report/html/render-html';
import { renderMarkdown } from '../../core/report/render-markdown';
import type { Report } from '../../core/report/report';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import { withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { attestationOf } from '../temporal/attestations';
import { protectionState, resolveRun } from '../temporal/resolve-run';
import { RunReader } from '../temporal/run-reader';
import { withSession, type Session } from '../temporal/session';
import { surroundingsOf } from '../../temporal/surroundings';
import { printJson } from '../terminal/print';
import { safeText } from '../terminal/safe-text';

interface ReportOptions extends JsonOption, ConnectionOptions {
  readonly format: 'md' | 'html' | 'json';
}

export function declareReport(program: Command, context: CliContext): void {
  const command = program
    .command('report')
    .description('what a run did, measured and lost, from its recorded events; of a running one: so far')
    .argument('<run>', 'id of the run, or name of a group: its running or else newest run')
    .addOption(
      new Option('--format <format>', 'Markdown, one HTML file, or JSON').choices(['md', 'html', 'json']).default('md'),
    )
    .action(exitingWith(context, (run: string, options: ReportOptions) => printReport(context, run, options)));
  withExample(withConnection(withJson(command)), 'switchback report shop --format html > report.html');
}

async function printReport({ terminal }: CliContext, run: string, options: ReportOptions): Promise<number> {
  const report = await withSession(options, terminal.env, async (session) =>
    reportOf(session, { workflowId: await resolveRun(session, run), webUi: terminal.env['SWITCHBACK_WEB_UI'] }),
  );
  if (options.json || options.format === 'json') printJson(terminal, report);
  else if (options.format === 'html') terminal.out(renderHtml(report));
  else terminal.out(safeText(renderMarkdown(report)));
  return exitCodes.done;
}

async function reportOf(
  session: Session,
  { workflowId, webUi }: { readonly workflowId: string; readonly webUi: string | undefined },
): Promise<Report> {
  const reader = new RunReader(session, workflowId);
  const [status, plan, events] = await Promise.all([reader.status(), reader.plan(), reader.timeline()]);
  const { runId, group, operation } = status;
  const run = { workflowId, runId, group, operation };
  const asked = events.some(({ kind }) => kind === 'attestation-asked');
  const attestation = asked && { attestation: (await attestationOf(session, run)) ?? null };
  const { connection, settings } = session;
  const around = await surroundingsOf(
    { connection, state: () => protectionState(session, group), webUi },
    { namespace: settings.namespace, workflowId, runId },
  );
  return buildReport({ run, ...(plan && { plan }), events, ...attestation, ...around });
}
