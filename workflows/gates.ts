import { ApplicationFailure, sleep } from '@temporalio/workflow';
import type { PlanStep } from '../core/model/plan';
import type { StepResult } from '../core/model/run';
import type { StepKind } from '../core/model/step-kinds';
import { decisionFacts } from '../core/running/decision-facts';
import { askPeople } from './approval-gate';
import { awaitWindow, stayInWindows } from './window-gate';
import type { GateContext } from './gate-context';
import { awaitPerson, holdCopy } from './manual-step';
import { now } from './run-record';

type Gate = (context: GateContext, step: PlanStep) => Promise<string>;

/** The kinds of step that wait inside the workflow; each gives one line of what it saw. */
const gates: Partial<Record<StepKind, Gate>> = {
  approval: (context, step) => askApproval(context, step),
  window: awaitWindow,
  'declare-lost': askDeclareLost,
  'manual-step': awaitPerson,
  'hold-drill': holdCopy,
  'wait-ttl': async (_context, step) => {
    const seconds = step.input.seconds ?? 0;
    await sleep(seconds * 1000, { summary: step.title });
    return `waited ${seconds} s`;
  },
  barrier: () => Promise.resolve('all done'),
};

/** Performs a step of a kind that waits inside the workflow. */
export async function performGate(context: GateContext, step: PlanStep): Promise<StepResult> {
  const gate = gates[step.kind];
  if (gate === undefined) throw ApplicationFailure.nonRetryable(`no gate of kind "${step.kind}"`, 'StepFailed');
  const startedAt = now();
  const summary = await gate(context, step);
  return { summary, facts: {}, startedAt, finishedAt: now(), attempt: 1, worker: 'workflow' };
}

async function askApproval(context: GateContext, step: PlanStep): Promise<string> {
  const gate = step.input.gate?.kind === 'approval' ? step.input.gate : { name: step.id };
  const question = { gate, requester: context.requester };
  const by = await askPeople(context, step, { kind: 'approval', name: gate.name, question });
  await stayInWindows(context);
  return `approved by ${by}`;
}

async function askDeclareLost(context: GateContext, step: PlanStep): Promise<string> {
  const fenceStep = step.input.fenceStep ?? '';
  const fence = context.stateOf(fenceStep).result?.facts['fence'] as { fencing?: string; saw?: string } | undefined;
  if (fence?.fencing === 'fenced') return 'not needed: the fence is confirmed';
  const name = `declare-lost/${context.plan.runbook.sites[context.plan.from].name}`;
  if (context.declaredLost) {
    const { by, reason } = context.declaredLost;
    const at = now();
    const said = { gate: name, by, decision: 'approve', comment: reason, at, via: 'input' } as const;
    const { hash: planHash } = context.plan;
    context.record.add({ kind: 'decision', decision: { ...said, planHash, facts: decisionFacts(context.plan) } });
    return `declared lost by ${by}: ${reason}`;
  }
  const question = { gate: { name }, requester: context.requester };
  return `declared lost by ${await askPeople(context, step, { kind: 'declare-lost', name, question })}`;
}
