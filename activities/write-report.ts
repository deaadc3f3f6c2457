import type { Surroundings } from '../temporal/surroundings';
import type { ReportRequest, RunRef, WrittenReport } from './contract';
import type { ReportFolder } from './report-folder';
import type { RunClient } from './run-client';

/** What a report is made from, and where it is written. */
export interface ReportParts {
  readonly reports: ReportFolder;
  readonly runs: Pick<RunClient, 'plan' | 'events'>;
  /** What a report tells besides the run's own events. */
  readonly surroundings: (run: RunRef) => Promise<Surroundings>;
}

/** Asks the run for its plan and events, and writes and keeps its report. */
export async function writeReport(parts: ReportParts, request: ReportRequest): Promise<WrittenReport> {
  const { run } = request;
  const [plan, events, around] = await Promise.all([
    parts.runs.plan(run),
    parts.runs.events(run),
    parts.surroundings(run),
  ]);
  return parts.reports.write(request, { plan, events, around });
}
