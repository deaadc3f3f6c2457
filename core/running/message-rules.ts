import { traitsOf, type StepKind } from '../model/step-kinds';

/** What a run knows when a message arrives. */
export interface RunView {
  readonly finished: boolean;
  readonly paused: boolean;
  readonly committed: boolean;
  /** Rolling back or aborting already. */
  readonly stopping: boolean;
  readonly openGates: readonly { readonly name: string; readonly approvers: readonly string[] }[];
  readonly failedSteps: readonly { readonly id: string; readonly kind: StepKind }[];
}

/** The parts of a message that the rules look at. */
export interface MessageView {
  readonly by: string;
  readonly gate?: string | undefined;
  readonly step?: string | undefined;
}

type Rule = (view: RunView, message: MessageView) => string | undefined;

/** Why a message is refused, or undefined when it is taken. A refused message changes nothing. */
export const messageRules = {
  decide: (view, message) => refuseStopping(view) ?? refuseGate(view, message),
  pause: (view) => refuseStopping(view) ?? (view.paused ? 'the run is paused already' : undefined),
  resume: (view) => refuseStopping(view) ?? (view.paused ? undefined : 'the run is not paused'),
  retry: (view, message) => refuseStopping(view) ?? refuseStep(view, message),
  skip: (view, message) => refuseStopping(view) ?? refuseStep(view, message) ?? refuseGuard(view, message),
  markDone: (view, message) => refuseStopping(view) ?? refuseStep(view, message) ?? refuseGuard(view, message),
  rollback: (view) =>
    refuseStopping(view) ??
    (view.committed ? 'the commit point has passed: from here it goes only forward' : undefined),
  abort: (view) => refuseStopping(view),
} as const satisfies Record<string, Rule>;

function refuseStopping(view: RunView): string | undefined {
  if (view.finished) return 'the run has ended';
  return view.stopping ? 'the run is rolling back or stopping already' : undefined;
}

function refuseGate(view: RunView, message: MessageView): string | undefined {
  const open = view.openGates.map((gate) => `"${gate.name}"`).join(', ');
  if (open === '') return 'no gate is open now';
  const gate = gateOf(view, message);
  if (gate === undefined) {
    return message.gate === undefined
      ? `name the gate: ${open} are open`
      : `gate "${message.gate}" is not open; open: ${open}`;
  }
  if (gate.approvers.length > 0 && !gate.approvers.includes(message.by)) {
    return `"${message.by}" may not decide at gate "${gate.name}"; it asks ${gate.approvers.join(', ')}`;
  }
  return undefined;
}

/** The open gate that a decision means. */
export function gateOf(view: RunView, message: MessageView): RunView['openGates'][number] | undefined {
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
  const meant = stepsOf(view, message);
  if (meant.length > 1) return `name the step: ${meant.join(', ')} have failed`;
  const step = view.failedSteps.find((failed) => failed.id === meant[0]);
  if (step === undefined || !traitsOf(step.kind).guards) return undefined;
  return `step "${step.id}" guards data or fencing: it can be retried or rolled back, never left out`;
}
