import type { PlanStep } from '../../model/plan';
import type { StepStatus } from '../../model/run';
import type { Moment } from '../history/moment';
import type { RunHistory } from '../history/run-history';
import { isComplete, type StepRecord, type StepTry } from '../history/step-records';
import type { SegmentFigure, StepFigure } from '../report-steps';
import { waitsFor } from './time-breakdown';

/** Every step of the plan in its order, then those that only the events know. */
export function stepFigures(history: RunHistory): StepFigure[] {
  const planned = history.plan?.steps ?? [];
  const known = new Set(planned.map(({ id }) => id));
  return [
    ...planned.map((step) => stepFigure(history, step, history.steps.get(step.id))),
    ...[...history.steps.values()]
      .filter(({ id }) => !known.has(id))
      .map((record) => stepFigure(history, undefined, record)),
  ];
}

export function segmentFigures(history: RunHistory): SegmentFigure[] {
  const bySegment = new Map<string, PlanStep[]>();
  for (const step of history.plan?.steps ?? []) {
    const members = bySegment.get(step.segment);
    if (members) members.push(step);
    else bySegment.set(step.segment, [step]);
  }
  return (history.plan?.segments ?? []).map((segment) => {
    const records = (bySegment.get(segment.id) ?? []).map(({ id }) => history.steps.get(id));
    const complete = records.filter(isComplete);
    const begun = earliest(records.flatMap((record) => markOf(record, record?.tries[0]?.scheduled, 'scheduled')));
    const last = latest(complete.flatMap((record) => markOf(record, record.settled, record.status)));
    const ended = complete.length === records.length ? last : undefined;
    return {
      ...segment,
      steps: records.length,
      complete: complete.length,
      failed: records.filter((record) => record?.status === 'failed').length,
      ...(begun && { startedAt: begun.at }),
      ...(ended && { finishedAt: ended.at }),
      ...(begun && ended && { seconds: Math.max(0, ended.ms - begun.ms) / 1000 }),
      from: ['plan.segments', ...[begun, ended].flatMap((mark) => mark?.from ?? [])],
    };
  });
}

/** Everything of a step but its status, from its record; for compensations as well. */
export function stepDetails(
  history: RunHistory,
  step: PlanStep | undefined,
  record: StepRecord | undefined,
  events: 'step' | 'compensation' = 'step',
): Omit<StepFigure, 'status'> {
  const seconds = record && secondsOf(step, record);
  const attempts = record?.result?.attempt ?? record?.error?.attempts;
  return {
    ...identity(history, step, record?.id ?? ''),
    ...(record?.tries[0] && { scheduledAt: record.tries[0].scheduled.at }),
    ...(record?.result && {
      startedAt: record.result.startedAt,
      finishedAt: record.result.finishedAt,
      worker: record.result.worker,
      summary: record.result.summary,
      facts: record.result.facts,
    }),
    ...(record?.settled && { recordedAt: record.settled.at }),
    ...(seconds !== undefined && { seconds }),
    ...(attempts !== undefined && { attempts }),
    ...(record && record.tries.length > 1 && { tries: record.tries.map(asFigure) }),
    // An error that a later try made good is history, kept in the timeline.
    ...(record?.error && record.status !== 'done' && { error: record.error }),
    ...(record?.by !== undefined && { by: record.by }),
    ...(record?.reason !== undefined && { reason: record.reason }),
    ...(record?.verified !== undefined && { verified: record.verified }),
    from: record && step?.kind !== 'barrier' ? eventsOf(record, events) : [`plan.${planned[events]}`],
  };
}

const planned = { step: 'steps', compensation: 'rollback' } as const;

/** The events that a record is of: the begin of each try counts as one. A barrier has none, and is passed by those before it. */
const eventsOf = ({ id, tries, settled, status }: StepRecord, events: 'step' | 'compensation'): string[] => [
  ...(tries.length > 0 ? [`${events}-scheduled ${id}`] : []),
  ...(settled ? [`${events}-${status} ${id}`] : []),
];

const asFigure = ({ scheduled, ended }: StepTry) => ({
  scheduledAt: scheduled.at,
  ...(ended && { endedAt: ended.at }),
});

/** Name of the site that runs the step. */
const siteName = (history: RunHistory, step: Pick<PlanStep, 'site'>): string | undefined =>
  step.site && history.plan?.runbook.sites[step.site].name;

const stepFigure = (history: RunHistory, step: PlanStep | undefined, record: StepRecord | undefined): StepFigure => ({
  ...stepDetails(history, step, record),
  status: statusOf(history, record),
});

/** A step without an end in a run that has ended was cut off: what it did is not known. */
function statusOf(history: RunHistory, record: StepRecord | undefined): StepStatus {
  if (!record) return 'pending';
  return record.status === 'running' && history.finished ? 'cancelled' : record.status;
}

function identity(history: RunHistory, step: PlanStep | undefined, id: string): Omit<StepFigure, 'status' | 'from'> {
  if (!step) return { id, title: id };
  const site = siteName(history, step);
  const { kind, segment, title, workload, volume, record } = step;
  return {
    id: step.id,
    title,
    kind,
    segment,
    ...(site !== undefined && { site }),
    ...(workload !== undefined && { workload }),
    ...(volume !== undefined && { volume }),
    ...(record !== undefined && { record }),
  };
}

function secondsOf(step: PlanStep | undefined, record: StepRecord): number | undefined {
  const worked = workMs(record);
  if (worked !== undefined && waitsFor(step?.kind) === undefined) return worked / 1000;
  const first = record.tries[0];
  return first && record.settled ? Math.max(0, record.settled.ms - first.scheduled.ms) / 1000 : undefined;
}

/** What the worker measured, on its own clock only: clocks of different machines are never subtracted from each other. */
export function workMs(record: StepRecord): number | undefined {
  if (!record.result) return undefined;
  const ms = Date.parse(record.result.finishedAt) - Date.parse(record.result.startedAt);
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

interface Timed {
  readonly at: string;
  readonly ms: number;
  /** The event that tells of it; absent: a barrier has none. */
  readonly from?: string;
}

const markOf = (record: StepRecord | undefined, moment: Moment | undefined, change: string): readonly Timed[] =>
  record && moment ? [{ ...moment, ...(record.tries.length > 0 && { from: `step-${change} ${record.id}` }) }] : [];

const earliest = (moments: readonly Timed[]): Timed | undefined =>
  moments.reduce<Timed | undefined>((best, next) => (best && best.ms <= next.ms ? best : next), undefined);

const latest = (moments: readonly Timed[]): Timed | undefined =>
  moments.reduce<Timed | undefined>((best, next) => (best && best.ms >= next.ms ? best : next), undefined);
