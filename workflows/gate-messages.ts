import { CancellationScope } from '@temporalio/workflow';
import type { RunRef } from '../activities/contract';
import type { RecoveryPlan } from '../core/model/plan';
import type { Decision, Signed } from '../core/model/run';
import { saysOf, statementText } from '../core/model/statement';
import { personKey, samePerson } from '../core/model/person-name';
import { decisionOf, delegated, keyFor } from '../core/running/approval-rules';
import { decisionFacts } from '../core/running/decision-facts';
import { gateOf, type OpenGate, type RunView } from '../core/running/message-rules';
import { control as controlActivities } from './callers';
import type { RunControl } from './run-control';
import { now, type RunRecord } from './run-record';
import type { SignatureChecks } from './signature-checks';

/** A message to a gate, parsed. */
export interface GateMessage {
  readonly name: 'decide' | 'withdraw' | 'delegate';
  readonly via: 'signal' | 'update';
  readonly by: string;
  readonly gate?: string | undefined;
  readonly decision?: Decision['decision'] | undefined;
  readonly to?: string | undefined;
  readonly comment?: string | undefined;
  readonly evidence?: string | undefined;
  readonly signature?: { readonly at: string; readonly value: string } | undefined;
}

export interface GateTarget {
  readonly run: RunRef;
  readonly control: RunControl;
  readonly record: RunRecord;
  readonly view: () => RunView;
  readonly plan: () => RecoveryPlan | undefined;
  readonly checks: SignatureChecks;
}

/** A signature that is right, and the asking of the gate that it was made for. */
export interface Verified {
  readonly signed: Signed;
  readonly asking: number;
}

/** Whether the message was signed by its sender: who signed, or why it does not count. */
export async function verified(target: GateTarget, message: GateMessage): Promise<Verified | string> {
  const gate = gateOf(target.view(), message);
  if (gate === undefined) return 'there is nothing to verify';
  const { asking = 1 } = gate.ledger;
  const signed = await target.checks.counting(gate.name, () => verify(target, message, gate));
  return typeof signed === 'string' ? signed : { signed, asking };
}

async function verify(target: GateTarget, message: GateMessage, gate: OpenGate): Promise<Signed | string> {
  const { signature, by } = message;
  const key = keyFor(gate.question.gate, by);
  const publicKey = typeof key === 'object' ? key.key : undefined;
  if (signature === undefined || publicKey === undefined) return 'there is nothing to verify';
  const { workflowId, runId } = target.run;
  const text = statementText({
    message: message.name,
    workflowId,
    runId,
    planHash: target.plan()?.hash ?? '',
    gate: gate.name,
    asking: gate.ledger.asking ?? 1,
    by,
    says: saysOf(message),
    comment: message.comment ?? '',
    at: signature.at,
  });
  // A run that is asked to cancel goes back in order, which the end of this handler must not turn into its failure.
  const { valid, keyId } = await CancellationScope.nonCancellable(() =>
    controlActivities.verifySignature({ text, publicKey, signature: signature.value }),
  );
  return valid ? { at: signature.at, keyId } : wrongSignature(message, gate);
}

const wrongSignature = ({ by }: GateMessage, { name, ledger }: OpenGate): string =>
  `the signature is not that of "${by}" for this message to this run, at gate "${name}" in its asking ${ledger.asking ?? 1}`;

/** Takes a message that the rules allow. */
export function takeAtGate(target: GateTarget, message: GateMessage, signed: Signed | undefined): void {
  const gate = gateOf(target.view(), message);
  if (gate === undefined) return;
  if (signed) heard(target, gate, { by: message.by, at: signed.at });
  const said = {
    gate: gate.name,
    by: message.by,
    ...(message.comment !== undefined && { comment: message.comment }),
    ...(signed && { signed }),
  };
  switch (message.name) {
    case 'decide':
      decide(target, {
        ...said,
        decision: message.decision ?? 'decline',
        ...(message.evidence !== undefined && { evidence: message.evidence }),
        at: now(),
        via: message.via,
      });
      break;
    case 'withdraw':
      withdraw(target, said);
      break;
    case 'delegate': {
      const delegation = { ...said, to: message.to ?? '', at: now() };
      const ledger = target.control.ledger(gate.name);
      target.record.add({ kind: 'delegated', delegation });
      target.control.note(gate.name, delegated(gate.question, ledger, delegation));
      break;
    }
  }
}

function heard({ control }: GateTarget, { name }: OpenGate, { by, at }: { by: string; at: string }): void {
  const ledger = control.ledger(name);
  control.note(name, { ...ledger, signedAt: { ...ledger.signedAt, [personKey(by)]: at } });
}

function decide(target: GateTarget, said: Omit<Decision, 'planHash' | 'facts'>): void {
  const plan = target.plan();
  const decision = { ...said, planHash: plan?.hash ?? '', ...(plan && { facts: decisionFacts(plan) }) };
  const ledger = target.control.ledger(said.gate);
  target.record.add({ kind: 'decision', decision });
  const others = ledger.decisions.filter(({ by }) => !samePerson(by, said.by));
  target.control.note(said.gate, { ...ledger, decisions: [...others, decision] });
}

/** The own decision; of whoever asked for the run and has decided nothing, the whole run. */
function withdraw(
  target: GateTarget,
  said: { readonly gate: string; readonly by: string; readonly comment?: string; readonly signed?: Signed },
): void {
  const { control, record } = target;
  const ledger = control.ledger(said.gate);
  if (!decisionOf(ledger, said.by)) {
    const reason = said.comment ?? 'the request was taken back';
    record.add({ kind: 'message', name: 'withdraw', by: said.by, reason });
    control.requestStop({ kind: 'withdrawn', by: said.by, reason });
    return;
  }
  record.add({ kind: 'decision-withdrawn', ...said });
  control.note(said.gate, { ...ledger, decisions: ledger.decisions.filter(({ by }) => !samePerson(by, said.by)) });
}
