import type { Operation } from '../../model/operation';
import type { RunSummary } from '../../model/protection';
import type { EarlierRuns } from '../report';

/** More of them make a table that nobody reads. */
const SHOWN = 10;

/** The runs of the same operation that the group remembers, without the one that is reported. */
export function earlierRuns(
  runs: readonly RunSummary[],
  { operation, runId }: { readonly operation: Operation; readonly runId: string },
): EarlierRuns {
  const earlier = runs.filter((run) => run.operation === operation && run.runId !== runId).slice(0, SHOWN);
  return {
    runs: earlier.map(({ workflowId, runId: id, verdict, startedAt, finishedAt, measured }) => ({
      workflowId,
      runId: id,
      verdict,
      startedAt,
      seconds: Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)) / 1000,
      ...(measured && { workSeconds: measured.workSeconds }),
      ...(measured?.interruptionSeconds !== undefined && { interruptionSeconds: measured.interruptionSeconds }),
    })),
    from: earlier.map(({ runId: id }) => `protection.runs ${id}`),
  };
}
