import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildReport } from '../core/report/build-report';
import { renderHtml } from '../core/report/html/render-html';
import { measuredRun } from '../core/report/measured-run';
import { runFigures } from '../core/report/run-figures';
import { renderAttestation } from '../core/report/render-attestation';
import { renderMarkdown } from '../core/report/render-markdown';
import type { Report } from '../core/report/report';
import type { RecoveryPlan } from '../core/model/plan';
import type { RunEvent } from '../core/model/run';
import { reportId, type EvidenceHead } from '../core/model/evidence';
import type { Evidence } from '../evidence/evidence';
import type { Surroundings } from '../temporal/surroundings';
import type { AttestationRequest, ReportRequest, RunRef, WrittenReport } from './contract';

/**
 * Where reports are kept: in the evidence of the group, for good, and as files that people open. They are written before a run
 * closes, so that they outlive Temporal's retention.
 */
export class ReportFolder {
  constructor(
    readonly folder: string,
    private readonly evidence: Evidence,
  ) {}

  /**
   * Keeps the report of a run, and writes it as JSON, Markdown and HTML. Once it is kept, writing it again writes the same. When it
   * cannot be kept it is written all the same, and the answer says so.
   */
  async write(
    { run, verdict, because }: ReportRequest,
    what: {
      readonly plan: RecoveryPlan | undefined;
      readonly events: readonly RunEvent[];
      readonly around: Surroundings;
    },
  ): Promise<WrittenReport> {
    const { plan, events, around } = what;
    const built = buildReport({ run, ...(plan && { plan }), events, verdict, because, ...around });
    const { report, ...kept } = await this.keepReport(built);
    const { files } = await this.keep(run, '', {
      json: asJson(report),
      md: renderMarkdown(report),
      html: renderHtml(report),
    });
    const measured = plan && measuredRun({ plan, events, verdict });
    return { files, ...kept, ...(measured && { measured }), figures: runFigures(report) };
  }

  /** A run must not hold its group because evidence cannot be kept now: the report is then kept later, by the group. */
  private async keepReport(
    built: Report,
  ): Promise<{ readonly report: Report; readonly evidence?: EvidenceHead; readonly unkept?: string }> {
    const { group, workflowId, runId } = built.run;
    try {
      const chain = this.evidence.of(group);
      const { entry, head } = await chain.append(
        { kind: 'report', id: reportId({ workflowId, runId }), at: new Date().toISOString() },
        (before) => ({ ...built, evidence: before }),
      );
      return { report: (await chain.bodyOf(entry)) as Report, evidence: head };
    } catch (error) {
      return { report: built, unkept: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Beside the report of a drill, which stays as it was when the drill ended. Once it is kept, writing it again writes the same. */
  async writeAttestation(request: AttestationRequest): Promise<{ readonly files: readonly string[] }> {
    const { drill } = request;
    const chain = this.evidence.of(drill.group);
    const { entry } = await chain.append(
      { kind: 'attestation', id: `attestation/${drill.workflowId}/${drill.runId}`, at: new Date().toISOString() },
      () => ({ schemaVersion: 1, ...request }),
    );
    const kept = (await chain.bodyOf(entry)) as AttestationRequest;
    return this.keep(drill, '.attestation', { json: asJson(kept), md: renderAttestation(kept) });
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
