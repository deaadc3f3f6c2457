import { ApplicationFailure, condition } from '@temporalio/workflow';
import type { PlanStep } from '../core/model/plan';
import type { Decision, WaitingFor } from '../core/model/run';
import type { GateContext } from './gate-context';
import { nextWake, remindedUntil } from './reminders';
import { now } from './run-record';

type Manual = NonNullable<PlanStep['input']['manual']>;

/**
 * Shows a person what to do and waits until one says how it went. Gives who did it and what that one said of it.
 *
 * @throws ApplicationFailure `ManualStepFailed`, `ManualStepOverdue`
 */
export async function awaitPerson(context: GateContext, step: PlanStep): Promise<string> {
  const { manual } = step.input;
  if (manual === undefined)
    throw ApplicationFailure.nonRetryable(`step "${step.id}" says not what to do`, 'InvalidInput');
  const { name, withinSeconds } = manual;
  const answer = await ask(context, step, manual);
  if (answer === undefined) {
    context.record.add({ kind: 'gate-expired', gate: name, then: 'decline' });
    const message = `nobody has said within ${withinSeconds ?? 0} s that "${name}" is done`;
    throw ApplicationFailure.nonRetryable(message, 'ManualStepOverdue');
  }
  context.record.add({ kind: 'gate-passed', gate: name, step: step.id, saw: `done by ${answer.by}` });
  return `done by ${saidOf(answer)}`;
}

const HOLD = 'hold';

/**
 * Holds the copy of a drill, healthy, until its time is over or a person says what came of looking at it.
 *
 * @throws ApplicationFailure `ManualStepFailed`
 */
export async function holdCopy(context: GateContext, step: PlanStep): Promise<string> {
  const { plan, record } = context;
  const { seconds = 0, until } = step.input;
  const held = until === undefined ? seconds : (Date.parse(until) - Date.now()) / 1000;
  const { name, drill } = plan.runbook.sites[step.site ?? plan.to];
  const answer = await ask(context, step, {
    kind: 'manual',
    name: HOLD,
    instructions: `The copy runs at ${name}, at the address ${drill?.address ?? ''}. It is removed when the time is over, or as soon as somebody says what came of looking at it.`,
    who: [],
    withinSeconds: Math.max(0, held),
  });
  const saw = answer === undefined ? 'held as long as it was asked for' : `looked at by ${saidOf(answer)}`;
  record.add({ kind: 'gate-passed', gate: HOLD, step: step.id, saw });
  return saw;
}

/** The first answer, unless it is that it failed; undefined when the time is up. @throws ApplicationFailure `ManualStepFailed` */
async function ask(context: GateContext, step: PlanStep, manual: Manual): Promise<Decision | undefined> {
  const { control, record } = context;
  const { name } = manual;
  // What was said of an earlier try is no answer to this one; a signature that was heard stays heard.
  control.note(name, { ...control.ledger(name), decisions: [] });
  record.add({ kind: 'gate-opened', gate: name, step: step.id, prompt: step.title });
  const answer = await whileOpen(context, step, manual);
  if (answer?.decision !== 'failed') return answer;
  throw ApplicationFailure.nonRetryable(`failed, says ${saidOf(answer)}`, 'ManualStepFailed');
}

function saidOf({ by, comment, evidence }: Decision): string {
  const proof = evidence === undefined ? '' : ` (evidence: ${evidence})`;
  return `${by}${comment === undefined ? '' : `: ${comment}`}${proof}`;
}

/** Waits for the first answer; undefined when the time is up. */
async function whileOpen(context: GateContext, step: PlanStep, manual: Manual): Promise<Decision | undefined> {
  const { control, record } = context;
  const { name, withinSeconds, remindSeconds } = manual;
  const since = now();
  const expiresAt = withinSeconds === undefined ? undefined : Date.parse(since) + withinSeconds * 1000;
  record.waiting.set(name, waitingFor(step, manual, { since, expiresAt }));
  context.waitingChanged();
  const answered = (): boolean => control.ledger(name).decisions.length > 0;
  let reminders = 0;
  try {
    for (;;) {
      if (answered()) return control.ledger(name).decisions[0];
      if (expiresAt !== undefined && Date.now() >= expiresAt) return undefined;
      const wakeAt = nextWake({ since, remindSeconds, reminders, expiresAt });
      if (wakeAt === undefined) await condition(answered);
      else if (!(await condition(answered, Math.max(1, wakeAt - Date.now()))) && wakeAt !== expiresAt) {
        reminders = remindedUntil(reminders, { since, remindSeconds });
        record.add({ kind: 'gate-reminded', gate: name, missing: `an answer of ${manual.who.join(', ') || 'anyone'}` });
      }
    }
  } finally {
    record.waiting.delete(name);
    context.waitingChanged();
  }
}

function waitingFor(
  step: PlanStep,
  { name, who, instructions }: Manual,
  { since, expiresAt }: { readonly since: string; readonly expiresAt: number | undefined },
): WaitingFor {
  const answer = (decision: 'done' | 'failed') => ({
    message: 'decide',
    payload: { gate: name, by: who[0] ?? 'you@example.com', decision, comment: 'what was seen' },
  });
  return {
    kind: 'manual-step',
    name,
    prompt: step.title,
    since,
    instructions,
    ...(who.length > 0 && { who }),
    ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }),
    answers: [answer('done'), answer('failed')],
  };
}
