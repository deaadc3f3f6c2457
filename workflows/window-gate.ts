import { ApplicationFailure, sleep } from '@temporalio/workflow';
import type { Opening, PlanStep } from '../core/model/plan';
import type { GateContext } from './gate-context';
import { now } from './run-record';

const THEN_SHOWN = 4;

/** The openings that the plan knows of a window step. */
const openingsOf = ({ plan }: GateContext, { id, input }: PlanStep): readonly Opening[] =>
  plan.openings?.[id] ?? [{ opensAt: input.opensAt ?? '', closesAt: input.closesAt ?? '' }];

/**
 * Waits for the next opening that has room for the plan. Gives what was seen.
 *
 * @throws ApplicationFailure `WindowClosed` when no opening is left in which it could end
 */
export async function awaitWindow(context: GateContext, step: PlanStep): Promise<string> {
  const name = step.input.gate?.name ?? step.id;
  const { opensAt, closesAt } = await waitForOpening(context, step, name);
  context.record.add({ kind: 'gate-passed', gate: name, step: step.id, saw: `open from ${opensAt} to ${closesAt}` });
  context.windowEntered(step, closesAt);
  return `the window is open from ${opensAt} to ${closesAt}`;
}

/** People may take long to approve: a window that was open when it was passed may have closed, and the next one is waited for. */
export async function stayInWindows(context: GateContext): Promise<void> {
  for (const step of context.plan.steps.filter(({ kind }) => kind === 'window')) {
    const opening = fitting(context, step);
    if (Date.parse(opening.opensAt) > Date.now()) await awaitWindow(context, step);
    else context.windowEntered(step, opening.closesAt);
  }
}

async function waitForOpening(context: GateContext, step: PlanStep, name: string): Promise<Opening> {
  for (;;) {
    const opening = fitting(context, step);
    const { opensAt, closesAt } = opening;
    const untilOpen = Date.parse(opensAt) - Date.now();
    if (untilOpen <= 0) return opening;
    const prompt = `maintenance window "${name}" opens at ${opensAt} and closes at ${closesAt}`;
    const later = openingsOf(context, step).filter((one) => one.opensAt > opensAt);
    const then = later.slice(0, THEN_SHOWN).map((one) => one.opensAt);
    context.record.waiting.set(name, {
      kind: 'window',
      name,
      prompt,
      since: now(),
      opensAt,
      ...(then.length > 0 && { then }),
      answers: [],
    });
    context.record.add({ kind: 'gate-opened', gate: name, step: step.id, prompt });
    context.waitingChanged();
    try {
      await sleep(untilOpen, { summary: step.title });
    } finally {
      context.record.waiting.delete(name);
      context.waitingChanged();
    }
  }
}

/** The first opening in which the plan can be expected to end. A run must not begin what it cannot end within the window. */
function fitting(context: GateContext, step: PlanStep): Opening {
  const openings = openingsOf(context, step);
  const room = ({ opensAt, closesAt }: Opening): number =>
    (Date.parse(closesAt) - Math.max(Date.now(), Date.parse(opensAt))) / 1000;
  const needed = context.plan.estimateSeconds;
  const found = openings.find((opening) => room(opening) >= needed);
  if (found) return found;
  const name = step.input.gate?.name ?? step.id;
  const open = openings.find((opening) => room(opening) > 0);
  const message = open
    ? `maintenance window "${name}" has ${Math.floor(room(open))} s left, the plan needs about ${Math.ceil(needed)} s`
    : `maintenance window "${name}" closed at ${openings.at(-1)?.closesAt ?? 'a time that is over'}`;
  throw ApplicationFailure.nonRetryable(message, 'WindowClosed');
}
