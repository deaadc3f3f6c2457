import type { PlanStep, RecoveryPlan } from '../../core/model/plan';
import type { ApprovalGate, GateSpec } from '../../core/model/runbook';
import { formatSeconds } from '../terminal/format';
import { span, type Line } from '../terminal/line';
import { node, type TreeNode } from './tree';

/** What the node of one step needs of the rest of the plan. */
export interface StepContext {
  readonly plan: RecoveryPlan;
  /** Of all steps but the barriers, by id. */
  readonly titles: ReadonlyMap<string, string>;
}

const MOST_NAMED = 3;

/** A step of the plan: its title and id, then what it waits for, what it asks, and what would undo it. */
export function stepNode(step: PlanStep, context: StepContext): TreeNode {
  const gate = step.input.gate;
  const symbol = gate ? span('◆ ', 'magenta') : span('');
  const site = step.site === undefined ? '' : ` [${context.plan.runbook.sites[step.site].name}]`;
  return node(
    [symbol, span(step.title), span(`${site}  ${step.id}`, 'dim')],
    [],
    [...(gate ? [gateLine(gate)] : []), ...waitLine(step, context), ...undoLines(step, context)],
  );
}

function gateLine(gate: GateSpec): Line {
  if (gate.kind === 'window') {
    const start = gate.start ?? 'a start given with the run';
    return [span(`window: from ${start} ${gate.timeZone}, open for ${formatSeconds(gate.durationSeconds)}`, 'magenta')];
  }
  return [span(`approval "${gate.name}" by ${askedPeople(gate)}${approvalTerms(gate)}`, 'magenta')];
}

function askedPeople({ approvers, required = 1, quorum = [] }: ApprovalGate): string {
  const parts = quorum.map(({ group, count }) => `${count} of ${group}`);
  if (parts.length > 0) return `${parts.join(' and ')} (${approvers.join(', ')})`;
  const who = approvers.length === 0 ? 'anyone' : approvers.join(', ');
  return required > 1 ? `${required} of ${who}` : who;
}

const approvalTerms = ({ notRequester, signed, expiresSeconds, onExpiry }: ApprovalGate): string =>
  [
    notRequester ? ', not by who asked for the run' : '',
    signed ? ', signed' : '',
    expiresSeconds === undefined
      ? ''
      : `, within ${formatSeconds(expiresSeconds)}${onExpiry === 'ask-again' ? ', then asked again' : ''}`,
  ].join('');

/** Steps that it waits for; barriers go without saying, since they are where the group before ends. */
function waitLine(step: PlanStep, { titles }: StepContext): Line[] {
  const named = step.dependsOn.flatMap((id) => titles.get(id) ?? []);
  if (named.length === 0) return [];
  const more = named.length > MOST_NAMED ? `, and ${named.length - MOST_NAMED} more` : '';
  return [[span(`after: ${named.slice(0, MOST_NAMED).join('; ')}${more}`, 'dim')]];
}

const undoLines = (step: PlanStep, { plan }: StepContext): Line[] =>
  plan.rollback
    .filter(({ compensates }) => compensates.includes(step.id))
    .map((undo) => [span(`undone by: ${undo.title}`, 'blue')]);
