import type { StepRequest } from '../activities/contract';
import type { StepOutcome } from '../activities/steps/step-body';
import type { JsonObject } from '../core/model/json';
import type { PlanStep, RecoveryPlan } from '../core/model/plan';
import type { CallContext } from '../drivers/ports';
import type { Lab } from './lab';

/** What the workflow would ask of the activity of the step. */
export function requestOf(
  { runbook, group, operation }: RecoveryPlan,
  step: PlanStep,
  asked: { readonly runId: string; readonly keyBase: string; readonly earlier: JsonObject | undefined },
): StepRequest {
  const workload = runbook.workloads.find(({ name }) => name === step.workload);
  const volume = runbook.volumes.find(({ name }) => name === step.volume);
  const record = runbook.traffic.find(({ name }) => name === step.record);
  return {
    run: { workflowId: operation, runId: asked.runId, group, operation },
    operationKey: `${asked.keyBase}/${step.id}`,
    step,
    sites: runbook.sites,
    ...(workload && { workload }),
    ...(volume && { volume }),
    ...(record && { record }),
    ...(asked.earlier && { earlier: asked.earlier }),
    heartbeatSeconds: 10,
  };
}

/** Performs the work of a step by its real body. */
export function performRequest(lab: Lab, request: StepRequest): Promise<StepOutcome> {
  const body = lab.bodies[request.step.kind as keyof Lab['bodies']];
  return body(lab.drivers, request, impatient());
}

/** A look that has to wait for better news gets no second try: in a simulation none will come by itself. */
function impatient(): CallContext {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    progress: ({ doing }) => {
      if (/ behind,|^no replica|^waiting until/.test(doing)) controller.abort(new Error(doing));
    },
  };
}
