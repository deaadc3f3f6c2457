import type { RunRef } from '../activities/contract';
import type { LeftAs } from '../core/model/left-as';
import type { PlanStep, RecoveryPlan } from '../core/model/plan';
import type { RunPhase, RunStatus, StepError, StepState, WaitingFor } from '../core/model/run';
import type { ApprovalGate } from '../core/model/runbook';
import { traitsOf } from '../core/model/step-kinds';
import type { Verdict } from '../core/model/verdict';
import { standingOf, type ApprovalQuestion } from '../core/running/approval-rules';
import type { RunView } from '../core/running/message-rules';
import type { RunControl } from './run-control';
import { now, type RunRecord } from './run-record';
import type { StepRunner } from './run-steps';

/** The state of a run, as far as people and messages see it. */
export interface RunParts {
  readonly ref: RunRef;
  readonly plan: RecoveryPlan | undefined;
  readonly control: RunControl;
  readonly record: RunRecord;
  readonly forward: StepRunner | undefined;
  readonly backward: StepRunner | undefined;
  readonly verdict: Verdict | undefined;
  readonly because: string | undefined;
  readonly left: LeftAs | undefined;
  readonly startedAt: string;
  readonly finishedAt: string | undefined;
  readonly committing: boolean;
  readonly committed: boolean;
  /** Who asked for it; empty when nobody said so. */
  readonly requester: string;
  readonly input: { readonly recoveryPoint?: string | undefined };
  readonly policies: { retryAt(step: string): string | undefined };
}

/** The part of the status that search attributes and memo carry. */
export function outlineOf(run: RunParts): Pick<RunStatus, 'phase' | 'waitingFor' | 'verdict' | 'because'> {
  const { verdict, because } = run;
  const waitingFor = waitingForOf(run);
  return {
    phase: phaseOf(run, waitingFor),
    waitingFor,
    ...(verdict && { verdict }),
    ...(because !== undefined && { because }),
  };
}

/** Answer of the query `status`. */
export function statusOf(run: RunParts): RunStatus {
  const { ref, plan, record, forward, backward, finishedAt } = run;
  return {
    workflowId: ref.workflowId,
    runId: ref.runId,
    group: ref.group,
    operation: ref.operation,
    ...outlineOf(run),
    ...(plan && { planHash: plan.hash }),
    committed: run.committed,
    steps: forward?.states() ?? [],
    rollback: backward?.states() ?? [],
    ...(run.left && { left: run.left }),
    ...(record.lastRefusal !== undefined && { lastRefusal: record.lastRefusal }),
    startedAt: run.startedAt,
    ...(finishedAt !== undefined && { finishedAt }),
    children: [...(forward?.children ?? []), ...(backward?.children ?? [])],
  };
}

/** What the message rules judge by. */
export function viewOf(run: RunParts): RunView {
  const gates = [...run.record.waiting.values()]
    .filter(({ kind }) => kind !== 'window')
    .map(({ name, kind, expiresAt }) => ({
      name,
      question: questionOf(run, name),
      ledger: run.control.ledger(name),
      ...(expiresAt !== undefined && { expiresAt }),
      ...(kind === 'manual-step' && { manual: true }),
    }));
  return {
    now: now(),
    finished: run.verdict !== undefined,
    paused: run.control.paused,
    committed: run.committing,
    stopping: run.control.stop !== undefined,
    openGates: gates.filter(({ question, ledger }) => standingOf(question, ledger).standing === 'open'),
    ...(run.plan && { planHash: run.plan.hash }),
    ...(run.plan?.loss && { recoveryPoint: run.input.recoveryPoint ?? 'latest' }),
    failedSteps: failedOf(run).flatMap(({ id }) => {
      const step = stepOf(run, id);
      return step ? [{ id, kind: step.kind }] : [];
    }),
  };
}

function phaseOf(run: RunParts, waitingFor: readonly WaitingFor[]): RunPhase {
  if (run.verdict) return 'finished';
  if (run.backward || run.control.stop) return 'rolling-back';
  if (run.plan === undefined) return 'preparing';
  if (run.control.paused) return 'paused';
  return waitingFor.length > 0 ? 'waiting' : 'running';
}

function waitingForOf(run: RunParts): readonly WaitingFor[] {
  if (run.verdict) return [];
  const { startedAt } = run;
  const paused: WaitingFor[] = run.control.paused
    ? [{ kind: 'resume', name: 'resume', prompt: 'the run is paused', since: startedAt, answers: [answer('resume')] }]
    : [];
  return [...run.record.waiting.values(), ...paused, ...failedOf(run).map((state) => askAbout(run, state))];
}

/** Steps that have failed and wait for a person. In a rollback nobody is asked. */
const failedOf = (run: RunParts): readonly StepState[] =>
  run.backward || run.control.stop ? [] : (run.forward?.failed() ?? []);

function askAbout(run: RunParts, state: StepState): WaitingFor {
  const step = stepOf(run, state.id);
  const traits = step && traitsOf(step.kind);
  const mayMark = traits !== undefined && (!traits.guards || traits.verification !== undefined);
  const again = run.policies.retryAt(state.id);
  const reason = { step: state.id, reason: 'why' };
  return {
    kind: 'failed-step',
    name: state.id,
    prompt: `${step?.title ?? state.id} failed: ${state.error?.code ?? ''}: ${state.error?.message ?? ''}${again === undefined ? '' : `; tried again by itself at ${again}`}`,
    since: state.scheduledAt ?? run.startedAt,
    answers: [
      answer('retry', { step: state.id }),
      ...(traits?.guards === false ? [answer('skip', reason)] : []),
      ...(mayMark ? [answer('markDone', reason)] : []),
      ...(run.committing ? [] : [answer('rollback')]),
      answer('abort'),
    ],
  };
}

function questionOf(run: RunParts, name: string): ApprovalQuestion {
  const step = run.plan?.steps.find((candidate) => candidate.input.gate?.name === name);
  const gate = step?.input.gate?.kind === 'approval' ? step.input.gate : (manualQuestion(run, name) ?? { name });
  return { gate, requester: run.requester };
}

/** Whoever may do a manual step says how it went; the requester as well. */
function manualQuestion(run: RunParts, name: string): Partial<ApprovalGate> | undefined {
  const manual = run.plan?.steps.find((candidate) => candidate.input.manual?.name === name)?.input.manual;
  return manual && { name, approvers: manual.who, ...(manual.keys && { keys: manual.keys }) };
}

const stepOf = (run: RunParts, id: string): PlanStep | undefined => run.plan?.steps.find((step) => step.id === id);

const answer = (message: string, more: Readonly<Record<string, string>> = {}) => ({
  message,
  payload: { by: 'you@example.com', ...more },
});

/** Why a compensation was never run: what it requires did not succeed. */
export function notRun(plan: RecoveryPlan, runner: StepRunner, id: string): StepError {
  const step = plan.rollback.find((candidate) => candidate.id === id);
  const missing = step?.requires.filter(
    (other) => !['done', 'not-needed'].includes(runner.stateOf(other)?.status ?? ''),
  );
  return {
    code: 'StepFailed',
    message: `not run: it requires ${missing?.join(', ') ?? ''}, which did not succeed`,
    attempts: 0,
  };
}
