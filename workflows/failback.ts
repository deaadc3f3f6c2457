import { failbackInput } from './messages';
import { runOperation, type OperationResult } from './run-operation';

/** Brings the group home to the primary. Input: {"runbook":"shop"}. */
export function failback(input: unknown): Promise<OperationResult> {
  return runOperation('failback', failbackInput, input);
}
