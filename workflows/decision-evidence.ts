import { CancellationScope, patched } from '@temporalio/workflow';
import type { RunRef } from '../activities/contract';
import type { DecisionEvent, RunEvent } from '../core/model/run';
import { patientControl } from './callers';
import type { RunRecord } from './run-record';

/** Runs of before kept what was decided in their report alone. */
const KEEPS = 'keeps-decisions';
/** The report has them all. */
const MOST_KEPT = 200;

/** Each decision is kept as evidence as soon as it is recorded: that of a run that never writes its report as well. Holds up nothing. */
export function keepDecisions(record: RunRecord, { group, operation, workflowId, runId }: RunRef): void {
  let count = 0;
  record.listen((event) => {
    if (!isDecision(event) || count >= MOST_KEPT || !patched(KEEPS)) return;
    count += 1;
    const body = { schemaVersion: 1, workflowId, runId, operation, event } as const;
    const id = `decision/${workflowId}/${runId}/${count}`;
    // The run may end before it is kept; its report then has it.
    void CancellationScope.nonCancellable(() =>
      patientControl.keepEvidence({ group, kind: 'decision', id, body }),
    ).catch(() => undefined);
  });
}

const kinds: readonly RunEvent['kind'][] = ['decision', 'decision-withdrawn', 'delegated'];

const isDecision = (event: RunEvent): event is DecisionEvent => kinds.includes(event.kind);
