import { ApplicationFailure, condition, sleep } from '@temporalio/workflow';
import type { PlanStep, RecoveryPlan } from '../core/model/plan';
import type { Decision, StepResult, StepState, WaitingFor } from '../core/model/run';
import type { StepKind } from '../core/model/step-kinds';
import type { DecideMessage } from './messages';
import type { RunControl } from './run-control';
import { now, type RunRecord } from './run-record';

/** What gates see of the run. */
export interface GateContext {
  readonly plan: RecoveryPlan;
  readonly control: RunControl;
  readonly record: RunRecord;
  readonly stateOf: (id: string) => StepState;
  /** Given when the run was started: a named person says that the active site is gone. */
  readonly declaredLost?: { readonly by: string; readonly reason: string };
  readonly waitingChanged: () => void;
}

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
  const spec = step.input.gate;
  const name = spec?.name ?? step.id;
  const approvers = spec?.kind === 'approval' ? spec.approvers : [];
  const decision = await waitForDecision(context, step, { name, kind: 'approval', approvers });
  refuseClosedWindows(context);
  return `approved by ${decision.by}`;
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
  const decision = await waitForDecision(context, step, { name, kind: 'declare-lost', approvers: [] });
  return `declared lost by ${decision.by}`;
}

interface Question {
  readonly name: string;
  readonly kind: 'approval' | 'declare-lost';
  readonly approvers: readonly string[];
}

/** Opens a gate and waits for a person. A decline ends the run with `GateDeclined`. */
async function waitForDecision(context: GateContext, step: PlanStep, question: Question): Promise<Decision> {
  const { control, record } = context;
  const answer = (decision: DecideMessage['decision']) => ({
    message: 'decide',
    payload: { gate: question.name, by: question.approvers[0] ?? 'you@example.com', decision },
  });
  const waiting: WaitingFor = {
    kind: question.kind,
    name: question.name,
    prompt: step.title,
    since: now(),
    answers: [answer('approve'), answer('decline')],
  };
  await whileWaiting(context, waiting, step, () => condition(() => control.decisions.has(question.name)));
  const decision = control.decisions.get(question.name);
  if (decision?.decision !== 'approve') {
    const comment = decision?.comment === undefined ? '' : `: ${decision.comment}`;
    throw ApplicationFailure.nonRetryable(`declined by ${decision?.by ?? 'nobody'}${comment}`, 'GateDeclined');
  }
  record.add({ kind: 'gate-passed', gate: question.name, step: step.id, saw: `approved by ${decision.by}` });
  return decision;
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
