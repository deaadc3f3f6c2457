import { ApplicationFailure, condition } from '@temporalio/workflow';
import type { PlanStep } from '../core/model/plan';
import type { Decision, WaitingFor } from '../core/model/run';
import type { GateContext } from './gate-context';
import { now } from './run-record';

/** People are reminded no more often than this: history has an end. */
const MOST_REMINDERS = 200;

type Manual = NonNullable<PlanStep['input']['manual']>;

/**
 * Shows a person what to do and waits until one says how it went. Gives who did it and what that one said of it.
 *
 * @throws ApplicationFailure `ManualStepFailed`, `ManualStepOverdue`
 */
export async function awaitPerson(context: GateContext, step: PlanStep): Promise<string> {
  const { control, record } = context;
  const { manual } = step.input;
  if (manual === undefined)
    throw ApplicationFailure.nonRetryable(`step "${step.id}" says not what to do`, 'InvalidInput');
  const { name, withinSeconds } = manual;
  // What was said of an earlier try is no answer to this one; a signature that was heard stays heard.
  control.note(name, { ...control.ledger(name), decisions: [] });
  record.add({ kind: 'gate-opened', gate: name, step: step.id, prompt: step.title });
  const answer = await whileOpen(context, step, manual);
  if (answer === undefined) {
    record.add({ kind: 'gate-expired', gate: name, then: 'decline' });
    const message = `nobody has said within ${withinSeconds ?? 0} s that "${name}" is done`;
    throw ApplicationFailure.nonRetryable(message, 'ManualStepOverdue');
  }
  const said = saidOf(answer);
  if (answer.decision === 'failed') throw ApplicationFailure.nonRetryable(`failed, says ${said}`, 'ManualStepFailed');
  record.add({ kind: 'gate-passed', gate: name, step: step.id, saw: `done by ${answer.by}` });
  return `done by ${said}`;
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
  const begun = Date.parse(since);
  const endsAt = withinSeconds === undefined ? Infinity : begun + withinSeconds * 1000;
  const answer = (): Decision | undefined => control.ledger(name).decisions[0];
  record.waiting.set(name, waitingFor(step, manual, { since, endsAt }));
  context.waitingChanged();
  try {
    for (let reminders = 1; ;) {
      const remindAt =
        remindSeconds === undefined || reminders > MOST_REMINDERS ? Infinity : begun + reminders * remindSeconds * 1000;
      const wakeAt = Math.min(endsAt, remindAt);
      const answered = (): boolean => answer() !== undefined;
      if (wakeAt === Infinity) await condition(answered);
      else if (!(await condition(answered, Math.max(1, wakeAt - Date.now())))) {
        if (wakeAt === endsAt) return undefined;
        record.add({ kind: 'gate-reminded', gate: name, missing: `an answer of ${manual.who.join(', ') || 'anyone'}` });
        // Reminders that were due while no worker ran are not made up for.
        reminders = 1 + Math.floor((Date.now() - begun) / ((remindSeconds ?? 1) * 1000));
        continue;
      }
      return answer();
    }
  } finally {
    record.waiting.delete(name);
    context.waitingChanged();
  }
}

function waitingFor(
  step: PlanStep,
  { name, who, instructions }: Manual,
  { since, endsAt }: { readonly since: string; readonly endsAt: number },
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
    ...(endsAt !== Infinity && { expiresAt: new Date(endsAt).toISOString() }),
    answers: [answer('done'), answer('failed')],
  };
}
