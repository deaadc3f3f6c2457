import { ApplicationFailure, condition } from '@temporalio/workflow';
import type { PlanStep } from '../core/model/plan';
import type { WaitingFor } from '../core/model/run';
import { askedAgain, decisionOf, standingOf, type ApprovalQuestion } from '../core/running/approval-rules';
import { samePerson } from '../core/model/person-name';
import { decisionFacts } from '../core/running/decision-facts';
import type { GateContext } from './gate-context';
import { nextWake, remindedUntil } from './reminders';
import { now } from './run-record';

/** A gate that asks again does so no more often: history has an end. */
const MOST_ASKINGS = 50;

interface Gate {
  readonly kind: 'approval' | 'declare-lost';
  readonly name: string;
  readonly question: ApprovalQuestion;
}

/**
 * Opens a gate and waits for people. Gives the names of those who approved.
 *
 * @throws ApplicationFailure `GateDeclined`, `GateExpired`
 */
export async function askPeople(context: GateContext, step: PlanStep, gate: Gate): Promise<string> {
  const { record, control } = context;
  const { onExpiry = 'decline', expiresSeconds } = gate.question.gate;
  for (;;) {
    record.add({ kind: 'gate-opened', gate: gate.name, step: step.id, prompt: step.title });
    const standing = await whileOpen(context, gate, step.title);
    const { decisions, asking = 1 } = control.ledger(gate.name);
    if (standing === 'approved') {
      const by = decisions.map((decision) => decision.by).join(', ');
      record.add({ kind: 'gate-passed', gate: gate.name, step: step.id, saw: `approved by ${by}` });
      return by;
    }
    if (standing === 'declined') {
      const decline = decisions.find(({ decision }) => decision === 'decline');
      const comment = decline?.comment === undefined ? '' : `: ${decline.comment}`;
      throw ApplicationFailure.nonRetryable(`declined by ${decline?.by ?? 'nobody'}${comment}`, 'GateDeclined');
    }
    const then = onExpiry === 'ask-again' && asking < MOST_ASKINGS ? 'ask-again' : 'decline';
    record.add({ kind: 'gate-expired', gate: gate.name, then });
    if (then === 'decline') {
      const { missing } = standingOf(gate.question, control.ledger(gate.name));
      const message = `gate "${gate.name}" was not approved within ${expiresSeconds ?? 0} s: ${missing} missing`;
      throw ApplicationFailure.nonRetryable(message, 'GateExpired');
    }
    // Old decisions were made on old facts.
    control.note(gate.name, askedAgain(control.ledger(gate.name)));
  }
}

/** Shows the gate while it is open, reminds, and ends with a decision or when the time is up. */
async function whileOpen(
  context: GateContext,
  gate: Gate,
  prompt: string,
): Promise<'approved' | 'declined' | 'expired'> {
  const { control, record } = context;
  const { expiresSeconds, remindSeconds } = gate.question.gate;
  const since = now();
  const expiresAt = expiresSeconds === undefined ? undefined : Date.parse(since) + expiresSeconds * 1000;
  let reminders = 0;
  try {
    for (;;) {
      const ledger = control.ledger(gate.name);
      const { standing, missing } = standingOf(gate.question, ledger);
      if (standing !== 'open') return standing;
      if (expiresAt !== undefined && Date.now() >= expiresAt) return 'expired';
      record.waiting.set(gate.name, waitingFor(gate, { prompt, since, expiresAt, missing, context }));
      context.waitingChanged();
      const changed = (): boolean => control.ledger(gate.name) !== ledger;
      const wakeAt = nextWake({ since, remindSeconds, reminders, expiresAt });
      if (wakeAt === undefined) await condition(changed);
      else if (!(await condition(changed, Math.max(1, wakeAt - Date.now()))) && wakeAt !== expiresAt) {
        reminders = remindedUntil(reminders, { since, remindSeconds });
        record.add({ kind: 'gate-reminded', gate: gate.name, missing });
      }
    }
  } finally {
    record.waiting.delete(gate.name);
    context.waitingChanged();
  }
}

function waitingFor(
  { kind, name, question }: Gate,
  seen: {
    readonly prompt: string;
    readonly since: string;
    readonly expiresAt: number | undefined;
    readonly missing: string;
    readonly context: GateContext;
  },
): WaitingFor {
  const { prompt, since, expiresAt, missing } = seen;
  const ledger = seen.context.control.ledger(name);
  const { decisions, asking = 1 } = ledger;
  const { approvers = [], notRequester = false } = question.gate;
  const undecided = approvers.filter(
    (person) => !decisionOf(ledger, person) && !(notRequester && samePerson(person, question.requester)),
  );
  const answer = (decision: 'approve' | 'decline') => ({
    message: 'decide',
    payload: { gate: name, by: undecided[0] ?? 'you@example.com', decision },
  });
  return {
    kind,
    name,
    prompt,
    since,
    ...(decisions.length > 0 && { approvedBy: decisions.map(({ by }) => by) }),
    ...(kind === 'approval' && { missing, asking }),
    facts: decisionFacts(seen.context.plan),
    ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }),
    answers: [answer('approve'), answer('decline')],
  };
}
