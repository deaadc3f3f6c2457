import { ApplicationFailure, condition } from '@temporalio/workflow';
import type { Opening, PlanStep, RecoveryPlan } from '../core/model/plan';
import type { WaitingFor } from '../core/model/run';
import { estimateText } from '../core/running/estimate-text';
import { closingOf, firstFitting, openingsOfStep, whyNone } from '../core/running/window-rules';
import type { GateContext } from './gate-context';
import { now } from './run-record';

const THEN_SHOWN = 4;

/**
 * Waits for the next opening that has room for the plan; of several windows one in which all are open. Gives what was seen.
 *
 * @throws ApplicationFailure `WindowClosed` when no opening is left in which it could end
 */
export async function awaitWindow(context: GateContext, step: PlanStep): Promise<string> {
  for (;;) {
    const opening = nextOpening(context.plan, step);
    if (isOpen(opening)) return enterWindow(context, step, opening);
    await untilOpen(context, step, opening);
  }
}

/** Of a plan of before that knows no common openings: each window is looked at again after an approval. */
export async function stayInWindows(context: GateContext): Promise<void> {
  if (context.plan.commonOpenings !== undefined) return;
  for (const step of windowsOf(context.plan)) {
    const opening = nextOpening(context.plan, step);
    if (isOpen(opening)) context.windowEntered(step, opening.closesAt);
    else await awaitWindow(context, step);
  }
}

export const windowsOf = ({ steps }: RecoveryPlan): readonly PlanStep[] =>
  steps.filter(({ kind }) => kind === 'window');

export const isOpen = ({ opensAt }: Opening): boolean => Date.parse(opensAt) <= Date.now();

/**
 * The first opening in which the plan can be expected to end. A run must not begin what it cannot end within the window.
 *
 * @throws ApplicationFailure `WindowClosed`
 */
export function nextOpening(plan: RecoveryPlan, step: PlanStep): Opening {
  const openings = openingsFor(plan, step);
  const wanted = { needed: plan.estimateSeconds, at: Date.now() };
  const found = firstFitting(openings, wanted);
  if (found) return found;
  throw ApplicationFailure.nonRetryable(whyNotOpen(plan, step, { openings, at: wanted.at }), 'WindowClosed');
}

/** Common openings that are over are not in the plan; of a single window its own say when it was open. */
function whyNotOpen(
  plan: RecoveryPlan,
  step: PlanStep,
  { openings, at }: { readonly openings: readonly Opening[]; readonly at: number },
): string {
  const names = namesOf(plan, step);
  if (openings.length > 0) return whyNone(names, openings, { plan, at });
  return windowsOf(plan).length > 1
    ? `${names} are open at no time that is left`
    : whyNone(names, openingsOfStep(plan, step), { plan, at });
}

/** Records that the window is open, and when it closes. Gives what was seen. */
export function enterWindow(context: GateContext, step: PlanStep, opening: Opening): string {
  const { plan, record } = context;
  const { opensAt, closesAt } = opening;
  const saw = `open from ${opensAt} to ${closesAt}`;
  const closing = closingOf(openingsOfStep(plan, step), opening);
  record.add({ kind: 'gate-passed', gate: nameOf(step), step: step.id, saw, closesAt: closing });
  context.windowEntered(step, closing);
  return `the window is ${saw}`;
}

/** Shows what is waited for until the window opens, or `until` says that it is not waited for any more. */
export async function untilOpen(
  context: GateContext,
  step: PlanStep,
  { opensAt, closesAt }: Opening,
  until: () => boolean = () => false,
): Promise<void> {
  const { plan, record } = context;
  const name = nameOf(step);
  const prompt = `${namesOf(plan, step)}: open from ${opensAt} to ${closesAt}; the run needs ${estimateText(plan)}`;
  const waiting: WaitingFor = { kind: 'window', name, prompt, since: now(), opensAt, answers: [] };
  const later = openingsFor(plan, step).filter((one) => Date.parse(one.opensAt) > Date.parse(opensAt));
  const then = later.slice(0, THEN_SHOWN).map((one) => one.opensAt);
  record.waiting.set(name, { ...waiting, ...(then.length > 0 && { then }) });
  record.add({ kind: 'gate-opened', gate: name, step: step.id, prompt });
  context.waitingChanged();
  try {
    await condition(until, Math.max(1, Date.parse(opensAt) - Date.now()), { summary: step.title });
  } finally {
    record.waiting.delete(name);
    context.waitingChanged();
  }
}

const openingsFor = (plan: RecoveryPlan, step: PlanStep): readonly Opening[] =>
  plan.commonOpenings ?? openingsOfStep(plan, step);

const nameOf = (step: PlanStep): string => step.input.gate?.name ?? step.id;

/** Of the windows that are looked at together. */
function namesOf(plan: RecoveryPlan, step: PlanStep): string {
  const steps = plan.commonOpenings === undefined ? [step] : windowsOf(plan);
  const names = steps.map((window) => `"${nameOf(window)}"`);
  return names.length === 1
    ? `maintenance window ${names[0] ?? ''}`
    : `maintenance windows ${names.join(' and ')} together`;
}
