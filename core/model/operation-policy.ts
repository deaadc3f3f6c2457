import type { AttestationPolicy } from './attestation-policy';
import type { Operation } from './operation';
import type { DrillPolicy, OperationPolicy, Runbook } from './runbook';

/** Of a runbook that says nothing of drills. */
const defaultDrill: DrillPolicy = {
  gates: [],
  strategy: 'cold',
  onFailure: 'rollback',
  keepSeconds: 0,
  recoveryPoint: 'latest',
};

export const drillPolicyOf = ({ operations }: Pick<Runbook, 'operations'>): DrillPolicy =>
  operations.drill ?? defaultDrill;

const DAY_SECONDS = 86_400;

export const attestationPolicyOf = (runbook: Pick<Runbook, 'operations'>): AttestationPolicy =>
  drillPolicyOf(runbook).attestation ?? { by: [], remindSeconds: DAY_SECONDS };

/** What people decided about an operation. */
export const policyOf = (runbook: Pick<Runbook, 'operations'>, operation: Operation): OperationPolicy =>
  operation === 'drill' ? drillPolicyOf(runbook) : runbook.operations[operation];
