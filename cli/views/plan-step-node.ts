import type { Opening, PlanStep, RecoveryPlan } from '../../core/model/plan';
import type { ApprovalGate, GateSpec } from '../../core/model/runbook';
import { instancesText } from '../../core/report/instances-text';
import { formatSeconds, secondsBetween } from '../terminal/format';
import { span, type Line } from '../terminal/line';
import { node, type TreeNode } from './tree';
import { cutText } from './windows-view';

/** What the node of one step needs of the rest of the plan. */
export interface StepContext {
  readonly plan: RecoveryPlan;
  /** ISO instant. */
  readonly now: string;
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
    [
      ...instancesLine(step, context),
      ...(gate ? [gateLine(gate)] : []),
      ...openingLines(step, context),
      ...waitLine(step, context),
      ...undoLines(step, context),
    ],
  );
}

/** Where the number of instances is from that was not seen now. */
function instancesLine(step: PlanStep, { plan, now }: StepContext): Line[] {
  const text = instancesText(step, plan, now);
  return text === undefined ? [] : [[span(`instances: ${text}`, 'yellow')]];
}

const OPENINGS_SHOWN = 3;

/** The next openings, each with whether the plan fits into it. */
function openingLines({ id }: PlanStep, { plan }: StepContext): Line[] {
  const openings = plan.openings?.[id];
  if (openings === undefined) return [];
  if (openings.length === 0) return [[span('no opening is left', 'red')]];
  return openings.slice(0, OPENINGS_SHOWN).map((opening): Line => {
    const fits = secondsBetween(opening.opensAt, opening.closesAt) >= plan.estimateSeconds;
    return [
      span(`${openingText(opening)}: `, 'dim'),
      span(fits ? 'fits' : 'too short for the estimate', fits ? 'green' : 'yellow'),
    ];
  });
}

const openingText = (opening: Opening): string =>
  `opens ${opening.opensAt}, for ${formatSeconds(secondsBetween(opening.opensAt, opening.closesAt))}${cutText(opening)}`;

function gateLine(gate: GateSpec): Line {
  if (gate.kind === 'window') {
    const start = gate.start ?? 'a start given with the run';
    const again = gate.repeat === undefined ? '' : `, again ${gate.repeat}`;
    const also = gate.also === undefined ? '' : `, and ${gate.also.length} more`;
    const but = gate.blackouts === undefined ? '' : `, ${gate.blackouts.length} blackouts`;
    const long = formatSeconds(gate.durationSeconds);
    return [span(`window: from ${start} ${gate.timeZone}, open for ${long}${again}${also}${but}`, 'magenta')];
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
