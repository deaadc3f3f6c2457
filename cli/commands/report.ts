import { Option, type Command } from 'commander';
import { renderHtml } from '../../core/report/html/render-html';
import { renderMarkdown } from '../../core/report/render-markdown';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import { withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { reportOf } from '../temporal/report-of';
import { resolveRun } from '../temporal/resolve-run';
import { withSession } from '../temporal/session';
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
