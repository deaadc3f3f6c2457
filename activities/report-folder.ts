import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildReport } from '../core/report/build-report';
import { measuredRun } from '../core/report/measured-run';
import { renderAttestation } from '../core/report/render-attestation';
import { renderMarkdown } from '../core/report/render-markdown';
import type { RecoveryPlan } from '../core/model/plan';
import type { RunEvent } from '../core/model/run';
import type { AttestationRequest, ReportRequest, RunRef, WrittenReport } from './contract';

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
    const { files } = await this.keep(run, '', { json: report, markdown: renderMarkdown(report) });
    const measured = plan && measuredRun({ plan, events, verdict });
    return { files, ...(measured && { measured }) };
  }

  /** Beside the report of a drill, which stays as it was when the drill ended. Writing it again replaces it. */
  async writeAttestation(request: AttestationRequest): Promise<{ readonly files: readonly string[] }> {
    const markdown = renderAttestation(request);
    return this.keep(request.drill, '.attestation', { json: { schemaVersion: 1, ...request }, markdown });
  }

  private async keep(
    run: Pick<RunRef, 'group' | 'workflowId' | 'runId'>,
    ending: string,
    { json, markdown }: { readonly json: object; readonly markdown: string },
  ): Promise<{ readonly files: readonly string[] }> {
    const name = `${run.workflowId.replace(/[^\w.-]+/g, '_')}-${run.runId.slice(-8)}${ending}`;
    const base = path.join(this.folder, run.group, name);
    const files = [`${base}.json`, `${base}.md`] as const;
    await mkdir(path.dirname(base), { recursive: true });
    await replace(files[0], `${JSON.stringify(json, null, 2)}\n`);
    await replace(files[1], markdown);
    return { files };
  }
}

async function replace(file: string, content: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, content);
  await rename(temporary, file);
}
