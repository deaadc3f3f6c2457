import type { ProtectionTerms, RequiredApproval } from '../model/evidence';
import { operationNames } from '../model/operation';
import type { ApprovalGate, Runbook } from '../model/runbook';
import type { ScheduleSpec } from '../model/schedule';

/** What a runbook promises, as it is read. `digest`: SHA-256 of the parsed runbook. */
export const termsOf = (
  runbook: Runbook,
  known: {
    readonly since: string;
    readonly digest: string;
    readonly schedules: readonly ScheduleSpec[];
    readonly uncovered?: readonly string[] | undefined;
  },
): ProtectionTerms => ({
  schemaVersion: 1,
  since: known.since,
  runbookDigest: known.digest,
  objectives: runbook.objectives,
  failbackRpoSeconds: runbook.failbackPolicy.rpoSeconds,
  workloads: runbook.workloads.map(({ name }) => name),
  volumes: runbook.volumes.map(({ name }) => name),
  schedules: known.schedules,
  ...(known.uncovered && { uncovered: known.uncovered }),
  approvals: operationNames.flatMap((operation) =>
    (runbook.operations[operation]?.gates ?? [])
      .filter((gate) => gate.kind === 'approval')
      .map((gate) => requiredOf(operation, gate)),
  ),
});

const requiredOf = (operation: RequiredApproval['operation'], gate: ApprovalGate): RequiredApproval => ({
  operation,
  gate: gate.name,
  required: Math.max(
    gate.required ?? 1,
    (gate.quorum ?? []).reduce((sum, { count }) => sum + count, 0),
  ),
  signed: gate.signed === 'required',
  ...(gate.mode && { mode: gate.mode }),
});
