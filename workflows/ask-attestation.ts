import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, patched, startChild } from '@temporalio/workflow';
import type { AttestationInput } from '../core/model/attestation';
import { attestationWorkflowId } from '../core/model/names';
import { operationTraits } from '../core/model/operation';
import { attestationPolicyOf } from '../core/model/operation-policy';
import type { RecoveryPlan } from '../core/model/plan';
import type { Verdict } from '../core/model/verdict';
import { drillFacts, wasHeld } from '../core/running/ended-drill';
import { keysOf } from '../core/running/public-keys';
import type { attestation } from './attestation';
import type { OperationRun } from './operation-run';
import { now } from './run-record';

/**
 * Of a drill that was held: a person is to say whether it passed, in a workflow that outlives this run. It is there before the
 * run ends, so that neither a crash nor a terminated run leaves a drill that ended and that nobody is asked about.
 */
export async function askAttestation(
  run: OperationRun,
  ending: { readonly verdict: Verdict; readonly because: string },
): Promise<void> {
  const { plan, ref } = run;
  if (plan === undefined || !operationTraits[ref.operation].isolated) return;
  if (!wasHeld(plan, (id) => run.forward?.stateOf(id), ending.verdict) || !patched('attestation')) return;
  const workflowId = attestationWorkflowId(ref);
  try {
    await startChild<typeof attestation>('attestation', {
      workflowId,
      args: [inputOf(run, plan, ending)],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `attestation of ${ref.workflowId}`.slice(0, 200),
    });
    run.record.add({ kind: 'attestation-asked', workflowId });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    run.record.refuse('attestation', `nobody can be asked: a workflow with the id ${workflowId} is already there`);
  }
}

function inputOf(
  run: OperationRun,
  plan: RecoveryPlan,
  { verdict, because }: { readonly verdict: Verdict; readonly because: string },
): AttestationInput {
  const { workflowId, runId, group } = run.ref;
  const policy = attestationPolicyOf(plan.runbook);
  return {
    drill: {
      workflowId,
      runId,
      group,
      planHash: plan.hash,
      requestedBy: run.requester,
      verdict,
      because: because.slice(0, 1000),
      startedAt: run.startedAt,
      endedAt: now(),
      facts: drillFacts(plan, (id) => run.forward?.stateOf(id)),
    },
    policy,
    keys: keysOf(plan.runbook.people ?? [], policy.by),
    notices: plan.runbook.notices ?? [],
  };
}
