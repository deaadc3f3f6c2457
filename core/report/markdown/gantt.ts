import type { Report } from '../report';
import type { StepFigure } from '../report-steps';
import { blocks, Markdown, safe, nothing } from './markdown';

/** With more bars nobody can read it: then a bar stands for a whole segment. */
const MAX_BARS = 60;

interface Bar {
  readonly section: string;
  readonly title: string;
  readonly tag: 'crit, ' | 'active, ' | 'done, ';
  readonly start: number;
  readonly end: number;
}

/** Mermaid gantt of what ran when. Steps on the critical path and failures are marked `crit`. */
export function gantt(report: Report): Markdown {
  const asOf = Date.parse(report.run.asOf ?? '');
  const steps = stepBars(report, asOf);
  const bars = steps.length > MAX_BARS ? segmentBars(report, asOf) : steps;
  if (bars.length === 0) return nothing;
  const body = bars.flatMap((bar, index) => [
    ...(bars[index - 1]?.section === bar.section ? [] : [`  section ${label(bar.section)}`]),
    `  ${label(bar.title)} :${bar.tag}b${index}, ${bar.start}, ${bar.end}`,
  ]);
  const fence = ['```mermaid', 'gantt', '  dateFormat x', '  axisFormat %H:%M:%S', ...body, '```'];
  return blocks([safe`## Gantt`, new Markdown(fence.join('\n'))]);
}

function stepBars({ steps, segments, criticalPath, rollback }: Report, asOf: number): Bar[] {
  const titles = new Map(segments.map(({ id, title }) => [id, title]));
  const critical = new Set(criticalPath.steps.map(({ id }) => id));
  const bars = steps.flatMap((step) =>
    barOf(step, { section: titles.get(step.segment ?? '') ?? 'Steps', critical: critical.has(step.id), asOf }),
  );
  const undo = (rollback?.compensations ?? []).flatMap((step) =>
    barOf(step, { section: 'Rollback', critical: step.status === 'failed', asOf }),
  );
  return [...bars, ...undo];
}

function barOf(
  step: Omit<StepFigure, 'status'> & { readonly status: string },
  place: { readonly section: string; readonly critical: boolean; readonly asOf: number },
): Bar[] {
  const start = Date.parse(step.scheduledAt ?? '');
  const end = Math.max(start, step.recordedAt === undefined ? place.asOf : Date.parse(step.recordedAt));
  // Barriers take no time and only clutter the chart.
  if (!Number.isFinite(start) || !Number.isFinite(end) || step.kind === 'barrier') return [];
  const crit = place.critical || step.status === 'failed';
  const tag = step.recordedAt === undefined ? 'active, ' : crit ? 'crit, ' : 'done, ';
  return [{ section: place.section, title: step.id, tag, start, end }];
}

const segmentBars = ({ segments }: Report, asOf: number): Bar[] =>
  segments.flatMap(({ title, phase, startedAt, finishedAt, failed }) => {
    const start = Date.parse(startedAt ?? '');
    const end = Math.max(start, finishedAt === undefined ? asOf : Date.parse(finishedAt));
    if (!Number.isFinite(start) || !Number.isFinite(end)) return [];
    const tag = failed > 0 ? 'crit, ' : finishedAt === undefined ? 'active, ' : 'done, ';
    return [{ section: phase, title, tag, start, end } as const];
  });

/** Mermaid has no escapes: colons, semicolons, # and % end or change a line, and some words begin a statement. */
function label(text: string): string {
  const plain = text
    .slice(0, 200)
    .replace(/[^\p{L}\p{N} _./@-]+/gu, ' ')
    .replace(/-{2,}/g, '-')
    .trim()
    .slice(0, 80);
  return /^(gantt|section|title|click|call|href|end|todayMarker|dateFormat|axisFormat|tickInterval|includes|excludes|weekday|weekend|inclusiveEndDates|topAxis|displayMode|acc\w+)\b/i.test(
    plain,
  )
    ? `_${plain}`
    : plain || '-';
}
