import type { ObjectiveGrade } from '../model/runbook';
import { durationText } from '../report/markdown/duration-text';
import type { GradeFigure, GradesFigure, RpoFigure, RunFigure } from './compliance-report';
import { percentText } from './percent-text';

interface Judged {
  readonly result: 'held' | 'failed' | 'unknown';
  readonly what: string;
}

/** What was earned of the grades, the best first. A grade is earned only when all that it asks for is proven. */
export function gradesFigure(
  grades: readonly ObjectiveGrade[],
  rpo: RpoFigure,
  runs: readonly RunFigure[],
): GradesFigure {
  const all = grades.map((grade) => gradeFigure(grade, rpo, runs));
  const earned = all.find(({ result }) => result === 'earned');
  return { ...(earned && { earned: earned.name }), all };
}

function gradeFigure(grade: ObjectiveGrade, rpo: RpoFigure, runs: readonly RunFigure[]): GradeFigure {
  const asked = [share(grade, rpo), longest(grade, rpo), recoveries(grade, runs)];
  const failed = asked.filter(({ result }) => result === 'failed');
  const unknown = asked.filter(({ result }) => result === 'unknown');
  const result = failed.length > 0 ? 'not-earned' : unknown.length > 0 ? 'unknown' : 'earned';
  const told = failed.length > 0 ? failed : unknown.length > 0 ? unknown : asked;
  return {
    name: grade.name,
    result,
    because: told
      .map(({ what }) => what)
      .filter(Boolean)
      .join('; '),
  };
}

function share({ withinRpoPercent }: ObjectiveGrade, rpo: RpoFigure): Judged {
  const total = rpo.withinSeconds + rpo.beyondSeconds + rpo.unknownSeconds;
  const reached = (seconds: number): boolean => seconds * 100 >= withinRpoPercent * total;
  const what = `${percentText(rpo.withinSeconds, total)} of the time within the RPO, of ${withinRpoPercent} %`;
  if (reached(rpo.withinSeconds)) return { result: 'held', what };
  if (!reached(rpo.withinSeconds + rpo.unknownSeconds)) return { result: 'failed', what };
  return { result: 'unknown', what: `${what}; ${percentText(rpo.unknownSeconds, total)} are not known` };
}

/** A breach that nobody has seen fits into time that is not known. */
function longest({ longestBreachSeconds: most }: ObjectiveGrade, { breaches, unknownSeconds }: RpoFigure): Judged {
  if (most === undefined) return { result: 'held', what: '' };
  const seconds = Math.max(0, ...breaches.map((breach) => breach.seconds));
  const what = `longest breach ${durationText(seconds)}, of ${durationText(most)}`;
  if (seconds > most) return { result: 'failed', what };
  return unknownSeconds > most
    ? { result: 'unknown', what: `${what}; ${durationText(unknownSeconds)} are not known` }
    : { result: 'held', what };
}

function recoveries({ rtoSeconds }: ObjectiveGrade, runs: readonly RunFigure[]): Judged {
  const counted = runs.flatMap((run) => run.recoveries).filter(({ result }) => result !== 'not-counted');
  const slow = counted.filter(({ achievedSeconds, objectiveSeconds = 0, result }) =>
    achievedSeconds === undefined
      ? result === 'missed' && objectiveSeconds >= rtoSeconds
      : achievedSeconds > rtoSeconds,
  );
  if (slow.length > 0)
    return {
      result: 'failed',
      what: `${slow.length} of ${counted.length} recoveries took longer than ${durationText(rtoSeconds)}`,
    };
  const open = counted.filter(({ achievedSeconds, result }) => achievedSeconds === undefined || result === 'unknown');
  if (open.length > 0)
    return { result: 'unknown', what: `${open.length} of ${counted.length} recoveries are not known` };
  return {
    result: 'held',
    what: counted.length === 0 ? 'no recovery' : `${counted.length} recoveries within ${durationText(rtoSeconds)}`,
  };
}
