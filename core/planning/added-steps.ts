import type { AddedStep, HookAction } from '../model/added-step';
import { SwitchbackFailure } from '../model/failure';
import type { PlanStep, RollbackStep, StepInput } from '../model/plan';
import type { SiteRole } from '../model/site';
import { traitsOf } from '../model/step-kinds';
import type { PlanContext } from './plan-context';
import { downstream, firstOf, lastOf, upstream } from './step-sets';

interface Woven {
  readonly added: AddedStep;
  readonly step: PlanStep;
  /** Where its commands run. */
  readonly site: SiteRole;
  /** Steps of the operation itself at its place. */
  readonly place: ReadonlySet<string>;
}

/**
 * Puts the steps of the runbook into the plan that was compiled without them, and their inverses into its rollback. What they
 * wait for is taken from their place, so that no order of the operation itself is ever lost.
 */
export function addSteps(context: PlanContext): void {
  const { build, policy, mode } = context;
  const wanted = (policy.steps ?? []).filter((added) => added.mode === undefined || added.mode === mode);
  const woven: Woven[] = [];
  for (const added of inside(wanted)) woven.push(weave(context, added, woven));
  const order = new Map(build.steps.map(({ id }, index) => [id, index]));
  const latestFirst = [...woven].sort((one, two) => (order.get(two.step.id) ?? 0) - (order.get(one.step.id) ?? 0));
  for (const one of latestFirst) weaveInverse(context, one);
}

const width = ({ place }: AddedStep): number =>
  place.workload === undefined ? (place.priority === undefined ? 2 : 1) : 0;

/**
 * Narrow places first, and at one place from its middle outwards: each step then goes before, or after, all that is there
 * already, and those that the runbook lists first run first.
 */
function inside(steps: readonly AddedStep[]): readonly AddedStep[] {
  return [0, 1, 2].flatMap((wide) => {
    const here = steps.filter((added) => width(added) === wide);
    const at = (moment: string) => here.filter(({ place }) => place.moment === moment);
    return [...at('before').reverse(), ...at('after')];
  });
}

function weave(context: PlanContext, added: AddedStep, earlier: readonly Woven[]): Woven {
  const found = atPlace(context, added);
  const place = new Set(found.map(({ id }) => id));
  const nested = earlier.filter((other) => [...other.place].every((id) => place.has(id)));
  const members = new Set([...place, ...nested.map(({ step }) => step.id)]);
  const site = siteOf(context, added, found);
  const put = added.place.moment === 'before' ? putBefore : putAfter;
  return { added, step: put(context.build.steps, { draft: draft(context, added, site), members }), site, place };
}

/** What the operation itself does there; of a phase in which it does nothing, the end of that phase. */
function atPlace(context: PlanContext, { name, place: { phase, priority, workload } }: AddedStep): readonly PlanStep[] {
  const { steps, segments } = context.build;
  const there = new Set(
    segments
      .filter((segment) => segment.phase === phase && (priority === undefined || segment.priority === priority))
      .map(({ id }) => id),
  );
  const own = steps.filter(({ kind, segment }) => there.has(segment) && traitsOf(kind).added === undefined);
  const working = own.filter(
    (step) => step.kind !== 'barrier' && (workload === undefined || step.workload === workload),
  );
  const found = working.length > 0 || workload !== undefined ? working : own;
  if (found.length > 0) return found;
  // The rules of the runbook see to it that this cannot be; a plan that leaves a step out unsaid would be worse.
  throw new SwitchbackFailure('InvalidRunbook', `step "${name}": the plan has no such place in its phase "${phase}"`);
}

interface Wanted {
  readonly draft: PlanStep;
  readonly members: ReadonlySet<string>;
}

function putBefore(steps: PlanStep[], { draft: drafted, members }: Wanted): PlanStep {
  const first = firstOf(steps, members);
  const dependsOn = [...new Set(first.flatMap((other) => other.dependsOn))];
  const step = { ...drafted, segment: first[0]?.segment ?? '', dependsOn };
  const held = new Set(first.map(({ id }) => id));
  replace(steps, (other) => (held.has(other.id) ? waitingFor(other, step.id) : other));
  steps.splice(
    Math.max(
      0,
      steps.findIndex(({ id }) => held.has(id)),
    ),
    0,
    step,
  );
  return step;
}

function putAfter(steps: PlanStep[], { draft: drafted, members }: Wanted): PlanStep {
  const last = lastOf(steps, members);
  const ends = new Set(last.map(({ id }) => id));
  const step = { ...drafted, segment: last.at(-1)?.segment ?? '', dependsOn: [...ends] };
  replace(steps, (other) =>
    !members.has(other.id) && other.dependsOn.some((id) => ends.has(id)) ? waitingFor(other, step.id) : other,
  );
  steps.splice(Math.max(...steps.map(({ id }, index) => (ends.has(id) ? index + 1 : 0))), 0, step);
  return step;
}

function replace<Step extends PlanStep>(steps: Step[], by: (step: Step) => Step): void {
  steps.forEach((step, index) => (steps[index] = by(step)));
}

const waitingFor = <Step extends PlanStep>(step: Step, id: string): Step => ({
  ...step,
  dependsOn: [...step.dependsOn, id],
});

function draft(context: PlanContext, { name, action, mayStay, onFailure }: AddedStep, site: SiteRole): PlanStep {
  const policy = { ...(onFailure !== 'fail' && { onFailure }), ...(mayStay && { mayStay }) };
  const place = { segment: '', dependsOn: [] };
  if (action.kind !== 'manual') {
    return { ...hookStep(context, { name, action, site }), ...place, input: inputOf(context, action, policy) };
  }
  const input = { manual: { ...action, name }, ...policy };
  return { id: `manual-step/${name}`, kind: 'manual-step', title: `${name}, by hand`, ...place, input };
}

/** Workloads stop and start at a site; whatever else is done serves the site that the operation leads to. */
function siteOf({ to }: PlanContext, { site, place }: AddedStep, beside: readonly PlanStep[]): SiteRole {
  if (site !== undefined) return site;
  return (place.phase === 'stop' ? beside.find((step) => step.site !== undefined)?.site : undefined) ?? to;
}

const inputOf = (
  { epochs }: PlanContext,
  hook: HookAction,
  policy: Pick<StepInput, 'onFailure' | 'mayStay'> = {},
): StepInput => ({
  hook,
  epoch: epochs.to,
  ...policy,
});

function hookStep(
  { names }: PlanContext,
  { name, action, site }: { readonly name: string; readonly action: HookAction; readonly site: SiteRole },
): Pick<PlanStep, 'id' | 'kind' | 'title' | 'site'> {
  return action.kind === 'command'
    ? {
        id: `run-command/${name}@${names[site]}`,
        kind: 'run-command',
        title: `${name}: run ${action.command[0] ?? ''} at ${names[site]}`,
        site,
      }
    : { id: `call-webhook/${name}`, kind: 'call-webhook', title: `${name}: call ${action.urlFrom}` };
}

/**
 * Undone after all that came after the step, and before all that came before it, as far as the rollback knows that order: it
 * is no mirror of the plan. Order only: an inverse that fails keeps nothing from being undone.
 */
function weaveInverse(context: PlanContext, { added, step, site }: Woven): void {
  const { steps, rollback } = context.build;
  const { name, inverse } = added;
  if (inverse === undefined) return;
  const self = new Set([step.id]);
  const [later, sooner] = [downstream(steps, self), upstream(steps, self)];
  const before = rollback.filter(({ compensates }) => compensates.some((id) => later.has(id)));
  const waited = new Set(before.map(({ id }) => id));
  const fixed = upstream(rollback, waited);
  const after = rollback.filter(
    ({ id, compensates }) => !waited.has(id) && !fixed.has(id) && compensates.some((other) => sooner.has(other)),
  );
  const body = hookStep(context, { name, action: inverse, site });
  const undo: RollbackStep = {
    ...body,
    id: `undo/${body.id}`,
    title: `undo ${body.title}`,
    segment: 'undo-added',
    dependsOn: [...waited],
    input: inputOf(context, inverse),
    compensates: [step.id],
    unless: [],
    requires: [],
  };
  const held = new Set(after.map(({ id }) => id));
  replace(rollback, (other) => (held.has(other.id) ? waitingFor(other, undo.id) : other));
  rollback.push(undo);
}
