import { operationTraits, type Operation } from '../../model/operation';
import type { StepKind } from '../../model/step-kinds';
import { worstLagFact } from '../history/facts';
import { durationText } from '../markdown/duration-text';
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
  if (operationTraits[operation].isolated) return lagOfProduction(history);
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

const verifyLag: StepKind = 'verify-lag';

/** A drill moves nothing; what it must not do is to hold up production, whose standby is to be as near as ever. */
function lagOfProduction({ plan, steps }: RunHistory): ObjectiveFigure {
  const step = plan?.steps.find(({ kind }) => kind === verifyLag);
  const objective = step?.input.seconds;
  if (step === undefined || objective === undefined) {
    return { result: 'not-applicable', because: 'a drill does not move the service', from: ['plan.operation'] };
  }
  const worst = worstLagFact(steps.get(step.id)?.result?.facts);
  const base = { objectiveSeconds: objective, from: [`step-done ${step.id}`] };
  if (worst === undefined) {
    return { ...base, result: 'unknown', because: 'how far production was behind during the drill is not known' };
  }
  const because = `production was ${durationText(worst.seconds)} behind at worst during the drill, at ${worst.at}`;
  return { ...base, ...against(objective, worst.seconds), because };
}

const against = (objective: number, achieved: number): Pick<ObjectiveFigure, 'result' | 'achievedSeconds'> => ({
  result: achieved <= objective ? 'met' : 'missed',
  achievedSeconds: achieved,
});
