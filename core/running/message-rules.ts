import type { Decision } from '../model/run';
import { traitsOf, type StepKind } from '../model/step-kinds';
import { personKey, samePerson } from '../model/person-name';
import {
  decisionOf,
  keyFor,
  refuseDecider,
  refuseDelegation,
  type ApprovalQuestion,
  type GateLedger,
} from './approval-rules';
import { parsePointChoice } from './point-choice';

/** A gate that waits for people. */
export interface OpenGate {
  readonly name: string;
  readonly question: ApprovalQuestion;
  readonly ledger: GateLedger;
  /** Nothing that is heard later counts. ISO instant; absent: it waits as long as it takes. */
  readonly expiresAt?: string;
  /** A manual step: answered with done or failed, by one person. */
  readonly manual?: boolean;
}

/** What a run knows when a message arrives. */
export interface RunView {
  /** ISO instant of the workflow's clock. */
  readonly now: string;
  readonly finished: boolean;
  readonly paused: boolean;
  readonly committed: boolean;
  /** Rolling back or aborting already. */
  readonly stopping: boolean;
  readonly openGates: readonly OpenGate[];
  readonly planHash?: string;
  /** What an unplanned failover starts from, as it was asked for; absent: the run restores no recovery point. */
  readonly recoveryPoint?: string;
  readonly failedSteps: readonly FailedStep[];
}

export interface FailedStep {
  readonly id: string;
  readonly kind: StepKind;
}

/** The parts of a message that the rules look at. */
export interface MessageView {
  readonly by: string;
  readonly gate?: string | undefined;
  readonly step?: string | undefined;
  readonly decision?: Decision['decision'] | undefined;
  readonly evidence?: string | undefined;
  readonly to?: string | undefined;
  readonly recoveryPoint?: string | undefined;
  readonly planHash?: string | undefined;
  readonly signature?: { readonly at: string } | undefined;
  /** Of a message whose signature was verified: the asking of the gate that it was made for. */
  readonly asking?: number | undefined;
}

type Rule = (view: RunView, message: MessageView) => string | undefined;

/** Why a message is refused, or undefined when it is taken. A refused message changes nothing. */
export const messageRules = {
  decide: (view, message) =>
    refuseStopping(view) ??
    refusePlan(view, message) ??
    atGate(
      view,
      message,
      (gate) =>
        refuseWord(gate, message) ??
        refuseDecider(gate.question, gate.ledger, message) ??
        refuseTwice(gate.ledger, message),
    ),
  withdraw: (view, message) => refuseStopping(view) ?? atGate(view, message, (gate) => refuseWithdrawal(gate, message)),
  delegate: (view, message) =>
    refuseStopping(view) ??
    atGate(view, message, ({ question, ledger }) =>
      refuseDelegation(question, ledger, { by: message.by, to: message.to ?? '' }),
    ),
  pause: (view) => refuseStopping(view) ?? (view.paused ? 'the run is paused already' : undefined),
  resume: (view) => refuseStopping(view) ?? (view.paused ? undefined : 'the run is not paused'),
  retry: (view, message) => refuseStopping(view) ?? refuseStep(view, message),
  skip: (view, message) => refuseStopping(view) ?? refuseStep(view, message) ?? refuseGuard(view, message),
  markDone: (view, message) => refuseStopping(view) ?? refuseStep(view, message) ?? refuseUnproven(view, message),
  rollback: (view) =>
    refuseStopping(view) ??
    (view.committed ? 'the commit point has passed: from here it goes only forward' : undefined),
  abort: (view) => refuseStopping(view),
  choosePoint: (view, message) => refuseStopping(view) ?? refusePoint(view, message),
} as const satisfies Record<string, Rule>;

function refuseStopping(view: RunView): string | undefined {
  if (view.finished) return 'the run has ended';
  return view.stopping ? 'the run is rolling back or stopping already' : undefined;
}

/** Which points there are only the site can say: that is looked at afterwards. */
function refusePoint(view: RunView, { recoveryPoint: wanted = '' }: MessageView): string | undefined {
  if (view.committed) return 'the commit point has passed: the recovery point can be changed no more';
  if (view.planHash === undefined) return 'the run has no plan yet: choose when it has one';
  if (view.recoveryPoint === undefined) {
    return 'only an unplanned failover or a drill starts from a recovery point; this run takes all of the data with it';
  }
  const choice = parsePointChoice(wanted);
  if (typeof choice === 'string') return choice;
  const before = parsePointChoice(view.recoveryPoint);
  return JSON.stringify(before) === JSON.stringify(choice)
    ? `the run starts from "${view.recoveryPoint}" already`
    : undefined;
}

/** What holds for every message to a gate: it is open, the rule of the message, and the signature where one is needed. */
function atGate(view: RunView, message: MessageView, rule: (gate: OpenGate) => string | undefined): string | undefined {
  const open = view.openGates.map((gate) => `"${gate.name}"`).join(', ');
  if (open === '') return 'no gate is open now';
  const gate = gateOf(view, message);
  if (gate === undefined) {
    return message.gate === undefined
      ? `name the gate: ${open} are open`
      : `gate "${message.gate}" is not open; open: ${open}`;
  }
  return refuseExpired(view, gate) ?? rule(gate) ?? refuseUnsigned(gate, message);
}

/** While no worker runs, a gate can expire unseen: its timer and a late message are then heard at once, in any order. */
function refuseExpired({ now }: RunView, { name, expiresAt }: OpenGate): string | undefined {
  if (expiresAt === undefined || Date.parse(now) < Date.parse(expiresAt)) return undefined;
  return `gate "${name}" has expired at ${expiresAt}: what the run hears after that counts no more`;
}

function refusePlan({ planHash = '' }: RunView, message: MessageView): string | undefined {
  if (message.planHash === undefined || planHash.startsWith(message.planHash)) return undefined;
  return `the plan of this run is ${planHash.slice(0, 12)}, not ${message.planHash.slice(0, 12)}: look at it again`;
}

/** Whether something is done is another question than whether it may be. */
function refuseWord({ name, manual = false }: OpenGate, { decision, evidence }: MessageView): string | undefined {
  const words = manual ? ['done', 'failed'] : ['approve', 'decline'];
  if (decision !== undefined && !words.includes(decision)) {
    const what = manual ? `"${name}" is a manual step` : `"${name}" asks for an approval`;
    return `${what}: the decision must be ${words.join(' or ')}, not ${decision}`;
  }
  return evidence !== undefined && !manual ? `only a manual step has evidence, and "${name}" is none` : undefined;
}

const refuseTwice = (ledger: GateLedger, { by, decision }: MessageView): string | undefined =>
  decision !== undefined && decisionOf(ledger, by)?.decision === decision ? `"${by}" has said so already` : undefined;

function refuseWithdrawal({ name, question, ledger, manual }: OpenGate, { by }: MessageView): string | undefined {
  if (manual === true) return `"${name}" is a manual step: there is nothing to take back`;
  if (decisionOf(ledger, by) || samePerson(by, question.requester)) return undefined;
  return `"${by}" has decided nothing at gate "${name}" and did not ask for this run`;
}

/** A message in the name of somebody with a key counts only when it is signed, at one gate by name, and only once. */
function refuseUnsigned({ question, ledger }: OpenGate, message: MessageView): string | undefined {
  const { by, signature } = message;
  const key = keyFor(question.gate, by);
  if (typeof key === 'string') return samePerson(by, question.requester) && onlyStops(message) ? undefined : key;
  if (key.key === undefined)
    return signature && `the runbook has no publicKey of "${by}": the signature proves nothing`;
  if (signature === undefined) return `"${by}" has a key: sign it with \`switchback approve --key FILE\``;
  // Without it the message would be judged at whichever gate is open when its signature has been verified.
  if (message.gate === undefined) return 'a signed message names its gate: {"gate":"..."}';
  const { asking = 1 } = ledger;
  if (message.asking !== undefined && message.asking !== asking) {
    return `everybody was asked again meanwhile: sign anew, for asking ${asking}`;
  }
  const last = ledger.signedAt?.[personKey(by)];
  return last !== undefined && Date.parse(signature.at) <= Date.parse(last)
    ? `this signature of "${by}" is not newer than the last one: sign anew`
    : undefined;
}

/** Of whoever asked for the run, without a key: that one may always take it back, and opens no gate with it. */
const onlyStops = ({ decision, to }: MessageView): boolean => decision !== 'approve' && to === undefined;

/** The open gate that a decision means. */
export function gateOf(view: RunView, message: MessageView): OpenGate | undefined {
  if (message.gate !== undefined) return view.openGates.find((gate) => gate.name === message.gate);
  return view.openGates.length === 1 ? view.openGates[0] : undefined;
}

/** The failed steps that a message means: the one it names, or all. */
export const stepsOf = (view: RunView, message: MessageView): readonly string[] =>
  view.failedSteps.filter((step) => message.step === undefined || message.step === step.id).map((step) => step.id);

function refuseStep(view: RunView, message: MessageView): string | undefined {
  if (view.failedSteps.length === 0) return 'no step has failed';
  if (stepsOf(view, message).length > 0) return undefined;
  return `step "${message.step ?? ''}" has not failed; failed: ${view.failedSteps.map((step) => step.id).join(', ')}`;
}

function refuseGuard(view: RunView, message: MessageView): string | undefined {
  const step = oneStep(view, message);
  if (typeof step === 'string' || !traitsOf(step.kind).guards) return typeof step === 'string' ? step : undefined;
  const verification = traitsOf(step.kind).verification;
  const byHand = verification === undefined ? '' : `, or marked as done once it can be seen ${verification}`;
  return `step "${step.id}" guards data or fencing: it can be retried or rolled back${byHand}, never left out`;
}

/** What guards data or fencing may be done by hand only where the run can see for itself that it was. */
function refuseUnproven(view: RunView, message: MessageView): string | undefined {
  const step = oneStep(view, message);
  if (typeof step === 'string') return step;
  const { guards, verification } = traitsOf(step.kind);
  if (!guards || verification !== undefined) return undefined;
  return `step "${step.id}" guards data or fencing, and nothing can be looked at that proves it done: it can be retried or rolled back, never left out`;
}

/** The one step that is meant, or why it is not clear. */
function oneStep(view: RunView, message: MessageView): FailedStep | string {
  const meant = stepsOf(view, message);
  const step = view.failedSteps.find((failed) => failed.id === meant[0]);
  return step === undefined || meant.length > 1 ? `name the step: ${meant.join(', ')} have failed` : step;
}
