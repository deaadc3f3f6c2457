import { operationNames, type Operation } from '../../core/model/operation';
import type { ProtectionState } from '../../core/model/protection';
import type { RunFigures } from '../../core/model/run-figures';
import { attestedAs } from '../../core/running/drill-record';
import { protectionState } from './resolve-run';
import type { Session } from './session';

/** A run or drill of a group, as far as it is known. */
export interface HistoryRow {
  readonly workflowId: string;
  readonly runId: string;
  readonly operation: Operation;
  readonly startedAt: string;
  /** Absent: it still runs. */
  readonly finishedAt?: string;
  /** A verdict; "running"; or how Temporal closed a run that gave none, "terminated". */
  readonly verdict: string;
  /** Absent: the run ended before figures were kept, or gave none. */
  readonly figures?: RunFigures;
  /** Of a drill: "passed by ana@example.com", "not attested". Absent: it is none, or was not held. */
  readonly attested?: string;
}

/** What the group remembers and what Temporal still shows, newest first. */
export async function groupHistory(session: Session, group: string): Promise<readonly HistoryRow[]> {
  const state = await protectionState(session, group);
  const remembered = state.runs.map((run) => rowOf(state, run));
  const known = new Set(remembered.map(({ runId }) => runId));
  const visible = (await visibleRuns(session, group)).filter(({ runId }) => !known.has(runId));
  return [...remembered, ...visible].sort((one, other) => Date.parse(other.startedAt) - Date.parse(one.startedAt));
}

function rowOf(
  { drills }: ProtectionState,
  { measured: _estimates, ...run }: ProtectionState['runs'][number],
): HistoryRow {
  const attested = attestedAs(drills, run.runId).replace(/^, (attested as )?/, '');
  return { ...run, ...(attested !== '' && { attested }) };
}

function visibleRuns(session: Session, group: string): Promise<readonly HistoryRow[]> {
  const types = operationNames.map((name) => `"${name}"`).join(', ');
  return session.call(`the runs of group "${group}"`, async () => {
    const rows: HistoryRow[] = [];
    for await (const run of session.client.workflow.list({
      query: `SwitchbackGroup = "${group}" AND WorkflowType IN (${types})`,
    })) {
      const running = run.status.name === 'RUNNING';
      rows.push({
        workflowId: run.workflowId,
        runId: run.runId,
        operation: run.type as Operation,
        startedAt: run.startTime.toISOString(),
        ...(run.closeTime && !running && { finishedAt: run.closeTime.toISOString() }),
        verdict: run.status.name.toLowerCase(),
      });
    }
    return rows;
  });
}
