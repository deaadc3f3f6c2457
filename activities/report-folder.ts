import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildReport } from '../core/report/build-report';
import { measuredRun } from '../core/report/measured-run';
import { renderMarkdown } from '../core/report/render-markdown';
import type { RecoveryPlan } from '../core/model/plan';
import type { RunEvent } from '../core/model/run';
import type { ReportRequest, WrittenReport } from './contract';

/** Where reports are kept. They are written before a run closes, so that they outlive Temporal's retention. */
export class ReportFolder {
  constructor(readonly folder: string) {}

  /** Writes the report of a run as JSON and Markdown. Writing it again replaces it. */
  async write(
    { run, verdict, because }: ReportRequest,
    what: { readonly plan: RecoveryPlan | undefined; readonly events: readonly RunEvent[] },
  ): Promise<WrittenReport> {
    const { plan, events } = what;
    const report = buildReport({ run, ...(plan && { plan }), events, verdict, because });
    const base = path.join(
      this.folder,
      run.group,
      `${run.workflowId.replace(/[^\w.-]+/g, '_')}-${run.runId.slice(-8)}`,
    );
    const files = [`${base}.json`, `${base}.md`] as const;
    await mkdir(path.dirname(base), { recursive: true });
    await replace(files[0], `${JSON.stringify(report, null, 2)}\n`);
    await replace(files[1], renderMarkdown(report));
    const measured = plan && measuredRun({ plan, events, verdict });
    return { files, ...(measured && { measured }) };
  }
}

async function replace(file: string, content: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, content);
  await rename(temporary, file);
}
