import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildReport } from '../core/report/build-report';
import { runFigures } from '../core/report/run-figures';
import { measuredRun } from '../core/report/measured-run';
import { renderHtml } from '../core/report/html/render-html';
import { renderAttestation } from '../core/report/render-attestation';
import { renderMarkdown } from '../core/report/render-markdown';
import type { RecoveryPlan } from '../core/model/plan';
import type { RunEvent } from '../core/model/run';
import type { Surroundings } from '../temporal/surroundings';
import type { AttestationRequest, ReportRequest, RunRef, WrittenReport } from './contract';

/** Where reports are kept. They are written before a run closes, so that they outlive Temporal's retention. */
export class ReportFolder {
  constructor(readonly folder: string) {}

  /** Writes the report of a run as JSON, Markdown and HTML. Writing it again replaces it. */
  async write(
    { run, verdict, because }: ReportRequest,
    what: {
      readonly plan: RecoveryPlan | undefined;
      readonly events: readonly RunEvent[];
      readonly around: Surroundings;
    },
  ): Promise<WrittenReport> {
    const { plan, events, around } = what;
    const report = buildReport({ run, ...(plan && { plan }), events, verdict, because, ...around });
    const { files } = await this.keep(run, '', {
      json: asJson(report),
      md: renderMarkdown(report),
      html: renderHtml(report),
    });
    const measured = plan && measuredRun({ plan, events, verdict });
    return { files, ...(measured && { measured }), figures: runFigures(report) };
  }

  /** Beside the report of a drill, which stays as it was when the drill ended. Writing it again replaces it. */
  async writeAttestation(request: AttestationRequest): Promise<{ readonly files: readonly string[] }> {
    return this.keep(request.drill, '.attestation', {
      json: asJson({ schemaVersion: 1, ...request }),
      md: renderAttestation(request),
    });
  }

  private async keep(
    run: Pick<RunRef, 'group' | 'workflowId' | 'runId'>,
    ending: string,
    contents: Readonly<Record<string, string>>,
  ): Promise<{ readonly files: readonly string[] }> {
    const name = `${run.workflowId.replace(/[^\w.-]+/g, '_')}-${run.runId.slice(-8)}${ending}`;
    const base = path.join(this.folder, run.group, name);
    await mkdir(path.dirname(base), { recursive: true });
    const files = [];
    for (const [kind, content] of Object.entries(contents)) {
      await replace(`${base}.${kind}`, content);
      files.push(`${base}.${kind}`);
    }
    return { files };
  }
}

const asJson = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

async function replace(file: string, content: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, content);
  await rename(temporary, file);
}
