import type { Report } from '../report';
import type { CompensationFigure, StepFigure } from '../report-steps';
import { durationText } from './duration-text';
import { code, join, safe, nothing, section, short, table, type Markdown } from './markdown';

/** A table of thousands of rows is for machines; they read the JSON. */
const MAX_ROWS = 200;

export function segmentsSection({ segments }: Report): Markdown {
  const rows = segments.map((segment) => [
    safe`${segment.title}`,
    safe`${segment.complete} of ${segment.steps}${segment.failed > 0 ? safe`, **${segment.failed} failed**` : nothing}`,
    safe`${segment.startedAt ?? '–'}`,
    safe`${segment.finishedAt ?? '–'}`,
    duration(segment.seconds),
  ]);
  return section('Segments', table(['Segment', 'Steps', 'Began', 'Ended', 'Took'], rows));
}

export function stepsSection({ steps }: Report): Markdown {
  const { shown, folded } = fold(steps.filter(({ kind }) => kind !== 'barrier'));
  const rows = shown.map((step) => [
    safe`${step.title}${safe`<br>${code(step.id)}`}`,
    status(step),
    safe`${step.scheduledAt ?? '–'}`,
    duration(step.seconds),
    safe`${step.attempts ?? '–'}`,
    step.worker ? code(step.worker) : safe`–`,
    outcome(step),
  ]);
  const headings = ['Step', 'Status', 'Scheduled', 'Took', 'Attempts', 'Worker', 'Outcome'];
  return section('Steps', table(headings, rows), more(folded));
}

export function pathSection({ criticalPath: path }: Report): Markdown {
  if (path.steps.length === 0) return nothing;
  const busy = path.totalSeconds - path.waitSeconds;
  const own = path.queuedSeconds + path.handoverSeconds;
  const says = safe`${durationText(path.totalSeconds)}, of it ${durationText(path.waitSeconds)} waiting. Of the other ${durationText(busy)} the orchestrator took ${durationText(own)} (${percent(path.orchestratorShare)}).`;
  const longest = path.steps.filter(({ totalSeconds }) => totalSeconds > 0);
  const rows = longest
    .slice(0, MAX_ROWS)
    .map((step) => [
      code(step.id),
      duration(step.totalSeconds),
      duration(step.workSeconds),
      duration(step.waitSeconds),
      duration(step.retrySeconds),
      duration(step.queuedSeconds + step.handoverSeconds),
    ]);
  const headings = ['Step', 'Total', 'Work', 'Waiting', 'Retries', 'Orchestrator'];
  return section('Critical path', says, table(headings, rows), more(Math.max(0, longest.length - MAX_ROWS)));
}

export function rollbackSection({ rollback }: Report): Markdown {
  if (!rollback) return nothing;
  const needed = rollback.compensations.filter(({ status: is }) => is !== 'not-needed');
  const { shown, folded } = fold(needed);
  const rows = shown.map((step) => [
    safe`${step.title}${safe`<br>${code(step.id)}`}`,
    status(step),
    safe`${step.scheduledAt ?? '–'}`,
    duration(step.seconds),
    outcome(step),
  ]);
  const says = safe`Asked for by ${rollback.by} at ${rollback.startedAt}: ${rollback.reason}. ${rollback.compensations.length - needed.length} compensations were not needed.`;
  return section(
    'Rollback',
    says,
    table(['Compensation', 'Status', 'Scheduled', 'Took', 'Outcome'], rows),
    more(folded),
  );
}

interface Row extends Omit<StepFigure, 'status'> {
  readonly status: StepFigure['status'] | CompensationFigure['status'];
}

/** Of too many, those that are not simply done come first. */
function fold<Figure extends Row>(steps: readonly Figure[]): { shown: readonly Figure[]; folded: number } {
  if (steps.length <= MAX_ROWS) return { shown: steps, folded: 0 };
  const odd = steps.filter(({ status: is }) => is !== 'done' && is !== 'pending');
  const kept = new Set([...odd, ...steps].slice(0, MAX_ROWS));
  return { shown: steps.filter((step) => kept.has(step)), folded: steps.length - kept.size };
}

const more = (folded: number): Markdown =>
  folded > 0 ? safe`${folded} more rows are in the JSON of this report.` : nothing;

const status = ({ status: is }: Row): Markdown => (is === 'done' ? safe`done` : safe`**${is}**`);

const outcome = ({ error, summary, by, reason, verified, status: is }: Row): Markdown => {
  const parts = [
    ...(error ? [safe`${error.code}: ${short(error.message, 400)}`] : []),
    ...(by === undefined ? [] : [safe`by ${by}: ${reason ?? ''}`]),
    ...(verified === undefined ? [] : [safe`**verified**: ${short(verified, 400)}`]),
    ...(is === 'marked-done' && verified === undefined ? [safe`**only claimed**`] : []),
    ...(summary !== undefined && !error ? [short(summary, 400)] : []),
  ];
  return parts.length === 0 ? safe`–` : join(parts, '; ');
};

const duration = (seconds: number | undefined): Markdown =>
  safe`${seconds === undefined ? '–' : durationText(seconds)}`;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
