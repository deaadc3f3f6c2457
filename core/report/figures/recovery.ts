import { operationTraits, type Operation } from '../../model/operation';
import type { PlanStep } from '../../model/plan';
import { milestones } from '../../model/service-milestones';
import type { StepKind } from '../../model/step-kinds';
import type { Moment } from '../history/moment';
import { firstOf, type RunHistory } from '../history/run-history';
import type { StepRecord } from '../history/step-records';
import type { SpanFigure } from '../report';
import { timeBreakdown } from './time-breakdown';

/**
 * From the declaration (unplanned: the start of the run; planned: the first workload touched) to verified traffic. A step
 * that a person marked as done proves nothing.
 */
export function recoveryTime(history: RunHistory, operation: Operation): SpanFigure {
  if (!operationTraits[operation].movesActiveSite) return unmeasured(`a ${operation} does not move the service`);
  const start = history.plan?.mode === 'unplanned' ? declared(history) : firstTried(history, milestones.touched);
  if (!start) return unmeasured('the service was not touched');
  if (firstOf(history, 'rollback-started')) return givenUp(history, start);
  const end = recovered(history);
  if (!end) return { ...openEnd(history, start), because: notRecovered(history) };
  return span(history, start, end);
}

/** From the first workload stopped to verified traffic (of a rollback: at the old site). What customers saw may be longer. */
export function interruption(history: RunHistory, operation: Operation): SpanFigure {
  if (!operationTraits[operation].movesActiveSite) return unmeasured(`a ${operation} does not move the service`);
  const unplanned = history.plan?.mode === 'unplanned';
  const start = unplanned ? declared(history) : firstTried(history, [milestones.stopped]);
  if (!start) return unmeasured('no workload was stopped');
  const end = returned(history) ?? recovered(history);
  if (!end) return { ...openEnd(history, start), because: notRecovered(history) };
  const measured = span(history, start, end);
  if (!unplanned) return measured;
  return { ...measured, atLeast: true, because: 'the service was lost before the run was started' };
}

interface Mark {
  readonly moment: Moment;
  readonly from: string;
}

const unmeasured = (because: string): SpanFigure => ({ because, from: ['plan.operation', 'step-scheduled'] });

function declared(history: RunHistory): Mark | undefined {
  const started = firstOf(history, 'run-started');
  return started && { moment: started.moment, from: 'run-started' };
}

function firstTried(history: RunHistory, kinds: readonly StepKind[]): Mark | undefined {
  const marks = stepsOf(history.plan?.steps, kinds).flatMap(({ id }) => {
    const scheduled = history.steps.get(id)?.tries[0]?.scheduled;
    return scheduled ? [{ moment: scheduled, from: `step-scheduled ${id}` }] : [];
  });
  return marks.reduce<Mark | undefined>(
    (best, mark) => (best && best.moment.ms <= mark.moment.ms ? best : mark),
    undefined,
  );
}

function recovered(history: RunHistory): Mark | undefined {
  const kind = milestones.recovered.find((candidate) => stepsOf(history.plan?.steps, [candidate]).length > 0);
  return kind && lastDone(stepsOf(history.plan?.steps, [kind]), history.steps, 'step-done');
}

/** Where a rollback brought the service back: the last of its compensations that prove it. */
function returned(history: RunHistory): Mark | undefined {
  const begun = stepsOf(history.plan?.rollback, milestones.recovered).filter(({ id }) => history.compensations.has(id));
  const kind = milestones.recovered.find((candidate) => begun.some((step) => step.kind === candidate));
  return kind && lastDone(stepsOf(begun, [kind]), history.compensations, 'compensation-done');
}

/** The last of the steps, once all of them are done. */
function lastDone(
  steps: readonly PlanStep[],
  records: ReadonlyMap<string, StepRecord>,
  event: string,
): Mark | undefined {
  const marks = steps.flatMap(({ id }) => {
    const record = records.get(id);
    return record?.status === 'done' && record.settled ? [{ moment: record.settled, from: `${event} ${id}` }] : [];
  });
  if (marks.length < steps.length) return undefined;
  return marks.reduce<Mark | undefined>(
    (last, mark) => (last && last.moment.ms >= mark.moment.ms ? last : mark),
    undefined,
  );
}

const stepsOf = <Step extends PlanStep>(
  steps: readonly Step[] | undefined,
  kinds: readonly StepKind[],
): readonly Step[] => (steps ?? []).filter(({ kind }) => kinds.includes(kind));

const notRecovered = (history: RunHistory): string =>
  history.finished ? 'the run ended without verified traffic' : 'traffic is not verified yet';

/** After a rollback of a planned move the service is where it was; one of an unplanned failover leaves it lost. */
const givenUp = (history: RunHistory, start: Mark): SpanFigure => {
  const because = 'rolled back: the recovery was given up';
  return history.plan?.mode === 'unplanned' ? { ...openEnd(history, start), because } : unmeasured(because);
};

const openEnd = (history: RunHistory, start: Mark): Omit<SpanFigure, 'because'> => ({
  startedAt: start.moment.at,
  from: [start.from],
});

function span(history: RunHistory, start: Mark, end: Mark): SpanFigure {
  // A warm move verifies traffic before it stops anything: nothing was interrupted.
  const window = { start: start.moment.ms, end: Math.max(start.moment.ms, end.moment.ms) };
  const { totalSeconds, peopleSeconds } = timeBreakdown(history, window);
  return {
    because: 'measured',
    startedAt: start.moment.at,
    endedAt: end.moment.at,
    seconds: totalSeconds,
    peopleSeconds,
    from: [start.from, end.from],
  };
}
