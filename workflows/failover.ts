import { failoverInput } from './messages';
import { runOperation, type OperationResult } from './run-operation';

/** Moves the group from the primary to the recovery site, planned or unplanned. Input: {"runbook":"shop"}. */
export function failover(input: unknown): Promise<OperationResult> {
  return runOperation('failover', failoverInput, input);
}
