import { drillInput } from './messages';
import { runOperation, type OperationResult } from './run-operation';
import { scheduledRun } from './scheduled-run';

/** Rehearses a failover (or, of a group that was moved, a failback) on a copy at the standby site. Input: {"runbook":"shop"}. */
export function drill(input: unknown): Promise<OperationResult> {
  return scheduledRun(() => runOperation('drill', drillInput, input));
}
