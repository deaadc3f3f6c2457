import { ApplicationFailure, sleep } from '@temporalio/workflow';
import type { PlanStep } from '../core/model/plan';
import type { StepResult, WaitingFor } from '../core/model/run';
import type { StepKind } from '../core/model/step-kinds';
import { askPeople } from './approval-gate';
import type { GateContext } from './gate-context';
import { now } from './run-record';

type Gate = (context: GateContext, step: PlanStep) => Promise<string>;

/** The kinds of step that wait inside the workflow; each gives one line of what it saw. */
const gates: Partial<Record<StepKind, Gate>> = {
  approval: (context, step) => askApproval(context, step),
  window: awaitWindow,
  'declare-lost': askDeclareLost,
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
  refuseClosedWindows(context);
  return `approved by ${by}`;
}

async function awaitWindow(context: GateContext, step: PlanStep): Promise<string> {
  const { opensAt = '', closesAt = '' } = step.input;
  const name = step.input.gate?.name ?? step.id;
  refuseClosedWindow(context, step);
  const untilOpen = Date.parse(opensAt) - Date.now();
  if (untilOpen > 0) {
    const prompt = `maintenance window "${name}" opens at ${opensAt} and closes at ${closesAt}`;
    await whileWaiting(context, { kind: 'window', name, prompt, since: now(), opensAt, answers: [] }, step, () =>
      sleep(untilOpen, { summary: step.title }),
    );
  }
  context.record.add({ kind: 'gate-passed', gate: name, step: step.id, saw: `open from ${opensAt} to ${closesAt}` });
  return `the window is open from ${opensAt} to ${closesAt}`;
}

async function askDeclareLost(context: GateContext, step: PlanStep): Promise<string> {
  const fenceStep = step.input.fenceStep ?? '';
  const fence = context.stateOf(fenceStep).result?.facts['fence'] as { fencing?: string; saw?: string } | undefined;
  if (fence?.fencing === 'fenced') return 'not needed: the fence is confirmed';
  const name = `declare-lost/${context.plan.runbook.sites[context.plan.from].name}`;
  if (context.declaredLost) {
    const { by, reason } = context.declaredLost;
    const at = now();
    const planHash = context.plan.hash;
    context.record.add({
      kind: 'decision',
      decision: { gate: name, by, decision: 'approve', comment: reason, at, via: 'input', planHash },
    });
    return `declared lost by ${by}: ${reason}`;
  }
  const question = { gate: { name }, requester: context.requester };
  return `declared lost by ${await askPeople(context, step, { kind: 'declare-lost', name, question })}`;
}

async function whileWaiting<Result>(
  context: GateContext,
  waiting: WaitingFor,
  step: PlanStep,
  wait: () => Promise<Result>,
): Promise<Result> {
  context.record.waiting.set(waiting.name, waiting);
  context.record.add({ kind: 'gate-opened', gate: waiting.name, step: step.id, prompt: waiting.prompt });
  context.waitingChanged();
  try {
    return await wait();
  } finally {
    context.record.waiting.delete(waiting.name);
    context.waitingChanged();
  }
}

/** People may take long to approve: a window that was open when it was passed may have closed since. */
function refuseClosedWindows(context: GateContext): void {
  for (const step of context.plan.steps) if (step.kind === 'window') refuseClosedWindow(context, step);
}

/** A run must not begin what it cannot expect to end within the window. */
function refuseClosedWindow({ plan }: GateContext, step: PlanStep): void {
  const { closesAt = '', opensAt = '' } = step.input;
  const begin = Math.max(Date.now(), Date.parse(opensAt));
  const left = (Date.parse(closesAt) - begin) / 1000;
  if (left >= plan.estimateSeconds) return;
  const name = step.input.gate?.name ?? step.id;
  const needed = Math.ceil(plan.estimateSeconds);
  const message =
    left <= 0
      ? `maintenance window "${name}" closed at ${closesAt}`
      : `maintenance window "${name}" has ${Math.floor(left)} s left, the plan needs about ${needed} s`;
  throw ApplicationFailure.nonRetryable(message, 'WindowClosed');
}
