import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { SwitchbackFailure } from '../core/model/failure';
import type { Report } from '../core/report/report';
import type { ConnectionOptions } from './options';
import { reportOf } from './temporal/report-of';
import { protectionState, resolveRun } from './temporal/resolve-run';
import { withSession } from './temporal/session';

/** A report, and where it is from. */
export interface ReportSource {
  readonly report: Report;
  /** Absent: asked from Temporal. */
  readonly file?: string;
}

interface Connecting {
  readonly options: ConnectionOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** So many runs are read to tell what is usual. */
const MOST_READ = 10;

/** The report in a file that ends with ".json", else that of a run. @throws SwitchbackFailure `InvalidInput`, `RunNotFound` */
export async function runSource(argument: string, { options, env }: Connecting): Promise<ReportSource> {
  if (argument.endsWith('.json')) {
    const report = await reportIn(argument);
    if (typeof report === 'string')
      throw new SwitchbackFailure('InvalidInput', `${argument} holds no report: ${report}`, { file: argument });
    return { report, file: argument };
  }
  const report = await withSession(options, env, async (session) =>
    reportOf(session, { workflowId: await resolveRun(session, argument), webUi: undefined }),
  );
  return { report };
}

/**
 * Runs that ended before this one, newest first: of a file the reports beside it, else those that the group remembers and Temporal
 * still has. What cannot be read is left out.
 */
export async function earlierReports(
  { report, file }: ReportSource,
  connection: Connecting,
): Promise<readonly Report[]> {
  const started = report.run.startedAt ?? '';
  const isEarlier = ({ run }: Report): boolean =>
    run.group === report.run.group && run.operation === report.run.operation && (run.finishedAt ?? '~') <= started;
  const found = file === undefined ? await remembered(report, connection) : await beside(file);
  return found
    .filter(isEarlier)
    .sort((one, other) => ((one.run.startedAt ?? '') < (other.run.startedAt ?? '') ? 1 : -1));
}

async function beside(file: string): Promise<readonly Report[]> {
  const folder = path.dirname(file);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json') && !name.endsWith('.attestation.json'));
  const reports = await Promise.all(names.map((name) => reportIn(path.join(folder, name))));
  return reports.filter((report) => typeof report !== 'string');
}

const remembered = ({ run }: Report, { options, env }: Connecting): Promise<readonly Report[]> =>
  withSession(options, env, async (session) => {
    const { runs } = await protectionState(session, run.group);
    const alike = runs.filter(
      ({ operation, verdict, runId }) => operation === run.operation && verdict === 'completed' && runId !== run.runId,
    );
    const reports: Report[] = [];
    for (const { workflowId } of alike.slice(0, MOST_READ)) {
      const report = await reportOf(session, { workflowId, webUi: undefined }).catch(() => undefined);
      if (report) reports.push(report);
    }
    return reports;
  });

/** A report, or why it is none. Checked by hand: the command line loads no schema to print its help. */
async function reportIn(file: string): Promise<Report | string> {
  try {
    const value = JSON.parse(await readFile(file, 'utf8')) as Partial<Report> | null;
    const whole = value?.schemaVersion === 1 && Array.isArray(value.steps) && typeof value.run?.workflowId === 'string';
    return whole ? (value as Report) : 'it is not of the form that `switchback report --format json` writes';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
