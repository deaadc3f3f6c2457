import { operationTraits, type Operation } from '../../model/operation';
import type { RunHistory } from '../history/run-history';
import type { DataLossFigure, ObjectiveFigure, SpanFigure } from '../report';

/** Recovery time against the RTO, waits for people included: they are part of what the business waited. */
export function rtoFigure(history: RunHistory, operation: Operation, recovery: SpanFigure): ObjectiveFigure {
  const objective = history.plan?.runbook.objectives.rtoSeconds;
  const base = { ...(objective !== undefined && { objectiveSeconds: objective }), from: recovery.from };
  if (!recovery.startedAt) {
    const mayCome = operationTraits[operation].movesActiveSite && !history.finished;
    return { ...base, result: mayCome ? 'unknown' : 'not-applicable', because: recovery.because };
  }
  if (objective === undefined) return { ...base, result: 'unknown', because: 'the objective is not known' };
  if (recovery.seconds !== undefined) return { ...base, ...against(objective, recovery.seconds), because: 'measured' };
  const sofar = (history.span.end - Date.parse(recovery.startedAt)) / 1000;
  // Not recovered, and already too late: that much is known.
  return { ...base, result: sofar > objective ? 'missed' : 'unknown', because: recovery.because };
}

/** Data loss against the RPO of the direction in which data was flowing. */
export function rpoFigure(history: RunHistory, operation: Operation, loss: DataLossFigure): ObjectiveFigure {
  const { failbackPolicy, objectives } = history.plan?.runbook ?? {};
  const objective = operation === 'failback' ? failbackPolicy?.rpoSeconds : objectives?.rpoSeconds;
  const base = {
    ...(objective !== undefined && { objectiveSeconds: objective }),
    because: loss.because,
    from: loss.from,
  };
  if (loss.status === 'not-applicable') return { ...base, result: 'not-applicable' };
  if (objective === undefined || loss.seconds === undefined) return { ...base, result: 'unknown' };
  return { ...base, ...against(objective, loss.seconds) };
}

const against = (objective: number, achieved: number): Pick<ObjectiveFigure, 'result' | 'achievedSeconds'> => ({
  result: achieved <= objective ? 'met' : 'missed',
  achievedSeconds: achieved,
});
