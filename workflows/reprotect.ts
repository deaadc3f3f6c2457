import { reprotectInput } from './messages';
import { runOperation, type OperationResult } from './run-operation';

/** Makes the returned primary the replica of the active recovery site. Input: {"runbook":"shop"}. */
export function reprotect(input: unknown): Promise<OperationResult> {
  return runOperation('reprotect', reprotectInput, input);
}
