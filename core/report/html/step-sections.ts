import { durationText } from '../markdown/duration-text';
import type { Report } from '../report';
import type { CompensationFigure, StepFigure } from '../report-steps';
import {
  absent,
  code,
  element,
  figure,
  folded,
  instant,
  section,
  strong,
  table,
  type Cell,
  type Content,
} from './elements';

/** A table of thousands of rows is for machines; they read the JSON. */
const MAX_ROWS = 300;

export const segmentsSection = ({ segments }: Report): Content =>
  section(
    'segments',
    'Segments',
    table(
      ['Segment', 'Steps', 'Began (UTC)', 'Ended (UTC)', 'Took'],
      segments.map(({ title, complete, steps, failed, startedAt, finishedAt, seconds }) => [
        title,
        [`${complete} of ${steps}`, failed > 0 ? strong(`, ${failed} failed`) : ''],
        ...[instant(startedAt), instant(finishedAt), took(seconds)],
      ]),
    ),
  );

export function stepsSection({ steps }: Report): Content {
  const { shown, more } = most(
    steps.filter(({ kind }) => kind !== 'barrier'),
    isOdd,
  );
  return section(
    'steps',
    'Steps',
    table(
      ['Step', 'Status', 'Scheduled (UTC)', 'Took', 'Attempts', 'Worker', 'What it saw'],
      shown.map((step) => [
        [step.title, element('br', {}), code(step.id)],
        ...[statusOf(step.status), instant(step.scheduledAt), took(step.seconds), figure(step.attempts ?? absent)],
        ...[step.worker === undefined ? absent : code(step.worker), outcomeOf(step)],
      ]),
    ),
    more,
  );
}

export function rollbackSection({ rollback }: Report): Content {
  if (!rollback) return null;
  const { by, startedAt, reason, compensations } = rollback;
  const needed = compensations.filter(({ status }) => status !== 'not-needed');
  const { shown, more } = most(needed, isOdd);
  return section(
    'rollback',
    'Rollback',
    ['Asked for by ', strong(by), ' at ', instant(startedAt), ` UTC: ${reason}.`],
    element('p', {}, `${compensations.length - needed.length} compensations were not needed.`),
    table(
      ['Compensation', 'Status', 'Scheduled (UTC)', 'Took', 'What it saw'],
      shown.map((step) => [
        [step.title, element('br', {}), code(step.id)],
        ...[statusOf(step.status), instant(step.scheduledAt), took(step.seconds), outcomeOf(step)],
      ]),
    ),
    more,
  );
}

export function pathSection({ criticalPath: path }: Report): Content {
  if (path.steps.length === 0) return null;
  const busy = path.totalSeconds - path.waitSeconds;
  const own = path.queuedSeconds + path.handoverSeconds;
  const { shown, more } = most(path.steps.filter(({ totalSeconds }) => totalSeconds > 0));
  return section(
    'path',
    'Critical path',
    `${durationText(path.totalSeconds)}, of it ${durationText(path.waitSeconds)} waiting. Of the other ${durationText(busy)} the orchestrator took ${durationText(own)} (${(path.orchestratorShare * 100).toFixed(1)} %).`,
    table(
      ['Step', 'Total', 'Work', 'Waiting', 'Retries', 'Orchestrator'],
      shown.map((step) => [
        code(step.id),
        ...[step.totalSeconds, step.workSeconds, step.waitSeconds, step.retrySeconds].map(took),
        took(step.queuedSeconds + step.handoverSeconds),
      ]),
    ),
    more,
  );
}

type AnyStatus = StepFigure['status'] | CompensationFigure['status'];

/** Of too many, those that are not simply done come first. */
function most<Row extends object>(rows: readonly Row[], isOdd: (row: Row) => boolean = () => false) {
  const kept = new Set([...rows.filter(isOdd), ...rows].slice(0, MAX_ROWS));
  const left = rows.length - kept.size;
  return {
    shown: rows.filter((row) => kept.has(row)),
    more: left > 0 ? element('p', {}, `${left} more rows are in the JSON of this report.`) : null,
  };
}

const isOdd = ({ status }: { readonly status: AnyStatus }): boolean => status !== 'done' && status !== 'pending';

const statusOf = (status: AnyStatus): Content => {
  if (status === 'done') return '✓ done';
  return status === 'failed' || status === 'not-run' || status === 'cancelled' ? strong('✗ ', status) : strong(status);
};

const outcomeOf = ({
  error,
  summary,
  by,
  reason,
  verified,
  facts,
  status,
}: Omit<StepFigure, 'status'> & { readonly status: AnyStatus }): Content => {
  const parts: readonly Content[] = [
    ...(error ? [`${error.code}: ${error.message}`] : []),
    ...(by === undefined ? [] : [`by ${by}: ${reason ?? ''}`]),
    ...(verified === undefined ? [] : [[strong('verified'), `: ${verified}`]]),
    ...(status === 'marked-done' && verified === undefined ? [strong('only claimed')] : []),
    ...(summary !== undefined && !error ? [summary] : []),
  ];
  const told = parts.flatMap((part, index) => (index === 0 ? [part] : ['; ', part]));
  const evidence = facts !== undefined && Object.keys(facts).length > 0;
  return [
    ...(told.length === 0 && !evidence ? [absent] : told),
    evidence ? folded('facts', element('pre', {}, JSON.stringify(facts, null, 1))) : null,
  ];
};

const took = (seconds: number | undefined): Cell => figure(seconds === undefined ? absent : durationText(seconds));
