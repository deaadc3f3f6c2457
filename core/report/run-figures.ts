import type { RunFigures } from '../model/run-figures';
import type { Report } from './report';

const LONGEST_NAME = 200;

/** What a group remembers of a run beyond its verdict: a few figures of its report, so that they outlive its history. */
export function runFigures({ run, recoveryTime, interruption, dataLoss }: Report): RunFigures {
  return {
    ...(run.mode !== undefined && { mode: run.mode }),
    ...(run.requestedBy !== undefined && { requestedBy: run.requestedBy.slice(0, LONGEST_NAME) }),
    ...(recoveryTime.seconds !== undefined && {
      recovery: { seconds: recoveryTime.seconds, peopleSeconds: recoveryTime.peopleSeconds ?? 0 },
    }),
    ...(interruption.seconds !== undefined && {
      downtime: { seconds: interruption.seconds, peopleSeconds: interruption.peopleSeconds ?? 0 },
    }),
    dataLoss: {
      status: dataLoss.status,
      ...(dataLoss.seconds !== undefined && { seconds: dataLoss.seconds }),
    },
  };
}
