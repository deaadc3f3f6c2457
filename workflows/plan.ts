import { ApplicationFailure } from '@temporalio/workflow';
import { z } from 'zod';
import { courseOf, operationNames, type Operation } from '../core/model/operation';
import type { RecoveryPlan } from '../core/model/plan';
import { effectivePhase, establish, nextEpochs, wrongState } from '../core/running/protection-rules';
import { drillChoices, failoverInput } from './messages';
import { failByName } from './named-failure';
import { control } from './callers';
import { compileFrom, lastSeenBy, observe } from './prepare-run';

const planInput = failoverInput.extend({ ...drillChoices, operation: z.enum(operationNames) });

/**
 * Observes and compiles, and changes nothing: the plan that a run started now would have, with its prechecks. A state that
 * the operation cannot begin from is a precheck of its own here, so that plans can be looked at ahead of time.
 */
export function plan(input: unknown): Promise<RecoveryPlan> {
  return failByName(() => lookAhead(input));
}

async function lookAhead(input: unknown): Promise<RecoveryPlan> {
  const parsed = planInput.safeParse(input);
  if (!parsed.success) throw ApplicationFailure.nonRetryable(z.prettifyError(parsed.error), 'InvalidInput');
  const operation: Operation = parsed.data.operation;
  const loaded = await control.loadRunbook({ runbook: parsed.data.runbook });
  const { runbook } = loaded;
  const known = await control.readState({ group: runbook.group });
  const { activeBefore } = courseOf(operation, (known && effectivePhase(known)) || undefined);
  const activeSite = known?.activeSite ?? activeBefore;
  const phase = known ? effectivePhase(known) : 'Protected';
  const observation = await observe(runbook, { phase, activeSite, ...(known && lastSeenBy(known)) }, operation);
  const state = known ?? establish(runbook, observation);
  const compiled = await compileFrom(loaded, {
    operation,
    input: parsed.data,
    observation,
    epochs: nextEpochs(state, operation),
    runs: state.runs,
  });
  const wrong = wrongState(state, operation);
  if (wrong === undefined) return compiled;
  const precheck = {
    code: 'WrongState',
    severity: 'error',
    subject: `group ${runbook.group}`,
    saw: wrong,
    because: 'the operation cannot begin from there',
  } as const;
  return { ...compiled, prechecks: [precheck, ...compiled.prechecks] };
}
