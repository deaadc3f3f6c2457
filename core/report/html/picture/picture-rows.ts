import { traitsOf } from '../../../model/step-kinds';
import { subtract, union, type Interval } from '../../history/intervals';
import type { Report } from '../../report';
import type { CompensationFigure, StepFigure } from '../../report-steps';

/** work: as its worker measured. own: the orchestrator's, before and after. The others say for whom was waited, or how it ended. */
export type Look = 'work' | 'own' | 'people' | 'clock' | 'failed' | 'undo' | 'running';

export interface Bar extends Interval {
  readonly look: Look;
}

export interface PictureRow {
  readonly label: string;
  readonly bars: readonly Bar[];
  readonly critical: boolean;
  /** More than one, or a try that failed. */
  readonly attempts?: number;
  readonly status: StepFigure['status'] | CompensationFigure['status'];
}

export interface PictureGroup {
  readonly title: string;
  readonly rows: readonly PictureRow[];
  /** From the begin of its first step to the end of its last one. */
  readonly whole: Interval;
}

/** With more rows nobody can read it: then a row stands for a whole group. */
const MAX_ROWS = 150;

export interface Picture {
  readonly groups: readonly PictureGroup[];
  readonly span: Interval;
  /** Stretches in which nothing but a person or a clock was waited for. */
  readonly waits: readonly Interval[];
}

/** What ran when, group by group in the order of the plan, the rollback last; undefined when nothing was begun. */
export function pictureOf(report: Report): Picture | undefined {
  const until = Date.parse(report.run.finishedAt ?? report.run.asOf ?? '');
  const critical = new Set(report.criticalPath.steps.map(({ id }) => id));
  const answered = report.rollback ? Date.parse(report.rollback.startedAt) : report.run.finishedAt ? undefined : until;
  const rowOf = (step: AnyStep, undo: boolean): PictureRow[] => {
    const bars = [...barsOf(step, { until, undo }), ...(undo ? [] : unanswered(step, answered))];
    if (bars.length === 0) return [];
    const { title: label, status, attempts = 1, tries = [] } = step;
    const tried = Math.max(attempts, tries.length);
    return [{ label, bars, status, critical: critical.has(step.id), ...(tried > 1 && { attempts: tried }) }];
  };
  const groups = [
    ...report.segments.map(({ id, title }) => ({
      title,
      rows: report.steps.filter(({ segment }) => segment === id).flatMap((step) => rowOf(step, false)),
    })),
    { title: 'Rollback', rows: (report.rollback?.compensations ?? []).flatMap((step) => rowOf(step, true)) },
  ].flatMap(({ title, rows }) => (rows.length === 0 ? [] : [{ title, rows, whole: wholeOf(rows) }]));
  if (groups.length === 0) return undefined;
  const rows = groups.reduce((sum, group) => sum + group.rows.length, 0);
  const start = Math.min(...groups.map(({ whole }) => whole.start));
  return {
    groups: rows > MAX_ROWS ? groups.map((group) => ({ ...group, rows: [] })) : groups,
    span: { start, end: Math.max(until, ...groups.map(({ whole }) => whole.end)) },
    waits: waitsOf(groups),
  };
}

function waitsOf(groups: readonly PictureGroup[]): readonly Interval[] {
  const bars = groups.flatMap(({ rows }) => rows.flatMap((row) => row.bars));
  const waits = ({ look }: Bar): boolean => look === 'people' || look === 'clock';
  return subtract(union(bars.filter(waits)), union(bars.filter((one) => !waits(one))));
}

type AnyStep = Omit<StepFigure, 'status'> & { readonly status: PictureRow['status'] };

/** Barriers take no time and are left out. */
function barsOf(step: AnyStep, { until, undo }: { readonly until: number; readonly undo: boolean }): readonly Bar[] {
  const { kind, scheduledAt, recordedAt, tries = [] } = step;
  if (kind === 'barrier') return [];
  const end = recordedAt === undefined ? until : Date.parse(recordedAt);
  const waitsFor = kind && traitsOf(kind).waitsFor;
  if (waitsFor !== undefined) return bar(Date.parse(scheduledAt ?? ''), end, waitsFor);
  const earlier = tries.slice(0, -1).flatMap((one, index) => {
    const ended = Date.parse(one.endedAt ?? '');
    const again = Date.parse(tries[index + 1]?.scheduledAt ?? '');
    return [...bar(Date.parse(one.scheduledAt), ended, 'failed'), ...bar(ended, again, 'people')];
  });
  const start = Date.parse(tries.at(-1)?.scheduledAt ?? scheduledAt ?? '');
  return [...earlier, ...lastTry(step, { start, end }, undo ? 'undo' : 'work')];
}

function lastTry(step: AnyStep, { start, end }: Interval, look: 'undo' | 'work'): readonly Bar[] {
  const { status, startedAt = '', finishedAt = '' } = step;
  if (status === 'running' || status === 'cancelled') return bar(start, end, 'running');
  if (status === 'failed' || status === 'not-run') return bar(start, end, 'failed');
  const measured = Date.parse(finishedAt) - Date.parse(startedAt);
  if (!Number.isFinite(measured)) return bar(start, end, look);
  // Clocks of workers and of the run may differ: what the worker measured is kept within the stretch that the run knows.
  const work = Math.min(Math.max(0, measured), end - start);
  const from = Math.min(Math.max(Date.parse(startedAt), start), end - work);
  const own = (since: number, until: number): readonly Bar[] => (until > since ? bar(since, until, 'own') : []);
  return [...own(start, from), ...bar(from, from + work, look), ...own(from + work, end)];
}

/** A person is asked about a step that failed, and answers with the rollback, or not yet. */
const unanswered = ({ status, recordedAt = '' }: AnyStep, answered: number | undefined): readonly Bar[] =>
  status === 'failed' && answered !== undefined ? bar(Date.parse(recordedAt), answered, 'people') : [];

/** Of instants that cannot be read there is no bar. */
const bar = (start: number, end: number, look: Look): Bar[] => (end >= start ? [{ start, end, look }] : []);

function wholeOf(rows: readonly PictureRow[]): Interval {
  const bars = rows.flatMap((row) => row.bars);
  return { start: Math.min(...bars.map(({ start }) => start)), end: Math.max(...bars.map(({ end }) => end)) };
}
