import { attestationSection } from './render-attestation';
import { gantt } from './markdown/gantt';
import { blocks, code, join, safe, type Markdown } from './markdown/markdown';
import { rollbackSection, stepsSection, pathSection, segmentsSection } from './markdown/step-sections';
import { attentionList, headline, summaryTable } from './markdown/summary';
import { dataSection, leftSection, peopleSection, planSection, timelineSection } from './markdown/detail-sections';
import type { Report } from './report';

/**
 * The report as a document that people file: the first screen answers what ran, how it ended, what was lost and what needs
 * a person; the rest is the evidence. Every text of people and programs in it is escaped.
 */
export function renderMarkdown(report: Report): string {
  const { run } = report;
  const document = blocks([
    safe`# ${headline(report)}`,
    attentionList(report),
    summaryTable(report),
    leftSection(report),
    attestationSection(report),
    timelineSection(report),
    gantt(report),
    peopleSection(report),
    rollbackSection(report),
    dataSection(report),
    segmentsSection(report),
    stepsSection(report),
    pathSection(report),
    planSection(report),
    join(
      [
        safe`Run ${code(run.workflowId)}`,
        safe`run id ${code(run.runId)}`,
        safe`report schema ${report.schemaVersion}`,
        ...kept(report),
      ],
      ', ',
    ),
  ]);
  return `${document.text}\n`;
}

const kept = ({ evidence }: Report): readonly Markdown[] =>
  evidence ? [safe`entry ${evidence.sequence + 1} of the evidence, after ${code(evidence.hash)}`] : [];
