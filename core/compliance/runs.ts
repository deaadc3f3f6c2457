import { operationTraits } from '../model/operation';
import type { Verdict } from '../model/verdict';
import { durationText } from '../report/markdown/duration-text';
import type { Report } from '../report/report';
import type { RecoveryFigure, RunFigure } from './compliance-report';
import type { KeptEvidence } from './kept-evidence';

export type KeptReport = KeptEvidence['reports'][number];

const completed: ReadonlySet<Verdict | 'running'> = new Set(['completed', 'completed-with-issues']);
const rolledBack: ReadonlySet<Verdict | 'running'> = new Set(['rolled-back', 'rollback-incomplete']);

export const endedAt = ({ run }: Report): string => run.finishedAt ?? run.asOf ?? run.startedAt ?? '';

const begunMs = ({ run }: Report): number => Date.parse(run.startedAt ?? run.finishedAt ?? '');

/** Every run whose report is kept, in the order in which they began. */
export function runFigures(reports: readonly KeptReport[]): readonly RunFigure[] {
  const sorted = [...reports].sort((one, other) => begunMs(one) - begunMs(other));
  return sorted.map((report) => {
    const { run, verdict, objectives, kept } = report;
    const { workflowId, runId, operation, mode, startedAt, requestedBy, reason } = run;
    return {
      ...{ workflowId, runId, operation, verdict, endedAt: endedAt(report) },
      ...(mode && { mode }),
      ...(startedAt && { startedAt }),
      ...(requestedBy && { requestedBy }),
      ...(reason && { reason }),
      recoveries: operationTraits[operation].isolated ? rehearsals(report) : recoveryOf(report, sorted),
      rpo: { result: objectives.rpo.result, because: objectives.rpo.because },
      evidence: kept,
    };
  });
}

/** Each move that a drill rehearsed on its copies. */
const rehearsals = ({ legs = [], objectives }: Report): readonly RecoveryFigure[] =>
  legs
    .filter(({ operation }) => operationTraits[operation].movesActiveSite)
    .map(({ operation, seconds, what }) => {
      const objective = objectives.rto.objectiveSeconds;
      return {
        what: `${operation} of the copy`,
        because: what,
        ...judged(objective, seconds),
      };
    });

/** Of a run that brings one to its end that left the group Incomplete: since that one began. Nothing for one that moves nothing. */
function recoveryOf(report: Report, sorted: readonly Report[]): readonly RecoveryFigure[] {
  const { run, verdict, objectives, recoveryTime } = report;
  if (!operationTraits[run.operation].movesActiveSite) return [];
  const what = run.operation;
  const next = continuationOf(report, sorted);
  if (next)
    return [{ what, result: 'not-counted', because: `brought to its end by ${next.run.workflowId}, and judged there` }];
  const before = continuedBy(report, sorted);
  if (before.length > 0) return [{ what, ...inSeries(report, before) }];
  const { result, because, objectiveSeconds } = objectives.rto;
  if (result === 'not-applicable') {
    return rolledBack.has(verdict) ? [{ what, result: 'not-counted', because }] : [];
  }
  const times = {
    ...(objectiveSeconds !== undefined && { objectiveSeconds }),
    ...(recoveryTime.seconds !== undefined && { achievedSeconds: recoveryTime.seconds }),
  };
  if (result === 'met' && !completed.has(verdict))
    return [{ what, result: 'unknown', because: `traffic was seen, but the run ended as ${verdict}`, ...times }];
  return [{ what, result, because, ...times }];
}

/** Since the first of them began, whatever each of them took. */
function inSeries(report: Report, before: readonly Report[]): Omit<RecoveryFigure, 'what'> {
  const { recoveryTime, objectives, verdict } = report;
  const objective = objectives.rto.objectiveSeconds;
  const starts = [...before, report].flatMap(({ recoveryTime: { startedAt } }) => startedAt ?? []);
  const start = Math.min(...starts.map((at) => Date.parse(at)));
  if (starts.length === 0) return { result: 'not-counted', because: recoveryTime.because };
  const end = recoveryTime.seconds !== undefined ? recoveryTime.endedAt : undefined;
  const runs = `${before.length + 1} runs, since ${new Date(start).toISOString()}`;
  if (!completed.has(verdict)) {
    const sofar = (Date.parse(endedAt(report)) - start) / 1000;
    const missed = objective !== undefined && sofar > objective;
    return {
      ...(objective !== undefined && { objectiveSeconds: objective }),
      result: missed ? 'missed' : 'unknown',
      because: `${runs}: not recovered after ${durationText(sofar)}`,
    };
  }
  return { ...judged(objective, (Date.parse(end ?? endedAt(report)) - start) / 1000), because: runs };
}

const isMove = ({ run }: Report): boolean => operationTraits[run.operation].movesActiveSite;

/** The next run of the same operation, when this one left its group Incomplete. */
function continuationOf(report: Report, sorted: readonly Report[]): Report | undefined {
  if (!report.left || completed.has(report.verdict)) return undefined;
  const next = sorted.slice(sorted.indexOf(report) + 1).find((one) => isMove(one) && one.plan !== undefined);
  return next?.run.operation === report.run.operation ? next : undefined;
}

/** Those that this one brought to their end, the first of them first. */
function continuedBy(report: Report, sorted: readonly Report[]): readonly Report[] {
  const before = sorted.slice(0, sorted.indexOf(report)).reverse();
  const one = before.find((earlier) => continuationOf(earlier, sorted) === report);
  return one ? [...continuedBy(one, sorted), one] : [];
}

const judged = (
  objective: number | undefined,
  achieved: number | undefined,
): Pick<RecoveryFigure, 'result' | 'objectiveSeconds' | 'achievedSeconds'> => ({
  ...(objective !== undefined && { objectiveSeconds: objective }),
  ...(achieved !== undefined && { achievedSeconds: achieved }),
  result: objective === undefined || achieved === undefined ? 'unknown' : achieved <= objective ? 'met' : 'missed',
});
