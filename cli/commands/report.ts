import { createRequire } from 'node:module';
import { Option, type Command } from 'commander';
import { renderHtml } from '../../core/report/html/render-html';
import { renderMarkdown } from '../../core/report/render-markdown';
import type { Report } from '../../core/report/report';
import { SwitchbackFailure } from '../../core/model/failure';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import type * as EvidenceAt from '../evidence/evidence-at';
import type * as KeptReport from '../evidence/kept-report';
import {
  storeOption,
  withConnection,
  withExample,
  withJson,
  type ConnectionOptions,
  type JsonOption,
} from '../options';
import { reportOf } from '../temporal/report-of';
import { resolveRun } from '../temporal/resolve-run';
import { withSession } from '../temporal/session';
import { printJson } from '../terminal/print';
import { safeText } from '../terminal/safe-text';

interface ReportOptions extends JsonOption, ConnectionOptions {
  readonly format: 'md' | 'html' | 'json';
  readonly offline?: true;
  readonly store?: string;
}

export function declareReport(program: Command, context: CliContext): void {
  const command = program
    .command('report')
    .description('what a run did, measured and lost, from its recorded events; of a running one: so far')
    .argument('<run>', 'id of the run, or name of a group: its running or else newest run')
    .addOption(
      new Option('--format <format>', 'Markdown, one HTML file, or JSON').choices(['md', 'html', 'json']).default('md'),
    )
    .option('--offline', 'do not ask Temporal: the report as it was kept in the evidence')
    .addOption(storeOption())
    .action(exitingWith(context, (run: string, options: ReportOptions) => printReport(context, run, options)));
  withExample(
    withConnection(withJson(command)),
    'switchback report shop --format html > report.html',
    'switchback report failback/shop/20261205-2200 --offline',
  );
}

async function printReport(context: CliContext, run: string, options: ReportOptions): Promise<number> {
  const { terminal } = context;
  const report = options.offline
    ? await fromEvidence(context, run, options)
    : await fromTemporal(context, run, options).catch((error: unknown) =>
        instead(error, () => fromEvidence(context, run, options)),
      );
  if (options.json || options.format === 'json') printJson(terminal, report);
  else if (options.format === 'html') terminal.out(renderHtml(report));
  else terminal.out(safeText(renderMarkdown(report)));
  return exitCodes.done;
}

const fromTemporal = ({ terminal }: CliContext, run: string, options: ReportOptions): Promise<Report> =>
  withSession(options, terminal.env, async (session) =>
    reportOf(session, { workflowId: await resolveRun(session, run), webUi: terminal.env['SWITCHBACK_WEB_UI'] }),
  );

/** Of a run that Temporal does not have any more, what was kept; when nothing was, what Temporal has said stands. */
async function instead(error: unknown, kept: () => Promise<Report>): Promise<Report> {
  if (!(error instanceof SwitchbackFailure)) throw error;
  if (error.code === 'RunNotFound')
    return kept().catch((missing: unknown) => {
      throw missing instanceof SwitchbackFailure && missing.code === 'RunNotFound'
        ? new SwitchbackFailure('RunNotFound', `${error.message} ${missing.message}`)
        : missing;
    });
  if (error.code !== 'TemporalUnavailable' && error.code !== 'NoWorker') throw error;
  throw new SwitchbackFailure(error.code, `${error.message} A report that was kept is shown with --offline.`);
}

async function fromEvidence({ terminal }: CliContext, run: string, options: ReportOptions): Promise<Report> {
  // Loaded when it is needed: the schemas take longer than help does.
  const load = createRequire(__filename);
  const { evidenceAt } = load('../evidence/evidence-at') as typeof EvidenceAt;
  const { keptReport } = load('../evidence/kept-report') as typeof KeptReport;
  const placed = await evidenceAt(terminal.env, options.store);
  const kept = await keptReport(placed, run);
  if (kept === undefined) throw new SwitchbackFailure('RunNotFound', `No report of ${run} is kept in ${placed.place}.`);
  const { sequence, at, body } = kept.entry;
  terminal.note(
    `From the evidence in ${placed.place}: entry ${sequence}, kept at ${at}; its SHA-256 is as kept, ${body}.`,
  );
  return kept.report;
}
