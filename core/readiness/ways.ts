import { operationNames, operationTraits, phasesToBegin, type FailoverMode, type Operation } from '../model/operation';
import type { ProtectionPhase } from '../model/operation';
import type { Runbook } from '../model/runbook';

/** One way of doing an operation. */
export interface Way {
  readonly operation: Operation;
  readonly mode: FailoverMode;
  /** "planned failover" */
  readonly name: string;
  /** Without it the group is not ready; of the others it is at risk. */
  readonly recovers: boolean;
}

/** The ways that are possible next from a phase. Of drills only where a site has a place for their copies. */
export function waysFrom(phase: ProtectionPhase, { sites }: Pick<Runbook, 'sites'>): readonly Way[] {
  const drills = Object.values(sites).some(({ drill }) => drill !== undefined);
  return operationNames
    .filter((operation) => phasesToBegin(operation).includes(phase))
    .filter((operation) => drills || !operationTraits[operation].isolated)
    .flatMap(waysOf);
}

function waysOf(operation: Operation): readonly Way[] {
  const recovers = !operationTraits[operation].isolated;
  if (operation !== 'failover') return [{ operation, mode: 'planned', name: operation, recovers }];
  return (['planned', 'unplanned'] as const).map((mode) => ({ operation, mode, name: `${mode} failover`, recovers }));
}

/** A window without a start has to be given one with the run; that says nothing about readiness. */
export function withoutOpenWindows(runbook: Runbook): Runbook {
  const operations = Object.fromEntries(
    Object.entries(runbook.operations).map(([operation, policy]) => [
      operation,
      { ...policy, gates: policy.gates.filter((gate) => gate.kind !== 'window' || gate.start !== undefined) },
    ]),
  );
  return { ...runbook, operations: operations as unknown as Runbook['operations'] };
}
