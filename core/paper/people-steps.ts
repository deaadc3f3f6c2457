import type { PlanStep } from '../model/plan';
import type { ApprovalGate } from '../model/runbook';
import type { Written } from './paper';
import type { PaperContext } from './paper-context';

/** Who must agree, and how many of them. */
function whoApproves({ approvers, required = 1, quorum = [], notRequester }: ApprovalGate): string {
  const parts = quorum.map(({ group, count, people }) => `${count} of ${group} (${people.join(', ')})`);
  const who = parts.length > 0 ? parts.join(' and ') : `${required} of ${approvers.join(', ') || 'anyone'}`;
  return notRequester ? `${who}; not whoever asked for the move` : who;
}

export function approvalPaper(_: PaperContext, { input: { gate } }: PlanStep): Written {
  if (gate?.kind !== 'approval') return {};
  return { who: whoApproves(gate), approval: `${gate.prompt} ${whoApproves(gate)}` };
}

/** A window that the runbook gives no start is agreed on when the operation is. */
export function windowPaper({ plan }: PaperContext, { input: { gate } }: PlanStep): Written {
  if (gate?.kind !== 'window') return {};
  const declared = plan.runbook.operations[plan.operation]?.gates.find(({ name }) => name === gate.name);
  const start = declared?.kind === 'window' ? declared.start : undefined;
  const hours = `${gate.durationSeconds / 60} min, ${gate.timeZone}`;
  const rule = gate.repeat === undefined ? '' : `, again and again: ${gate.repeat}`;
  return {
    who: 'whoever leads',
    tells: [
      start === undefined
        ? `The runbook leaves its begin open (it lasts ${hours}). It begins on: ______________________`
        : `It opens at ${start} for ${hours}${rule}. Begin only while it is open.`,
    ],
  };
}

export function manualPaper(_: PaperContext, { input: { manual } }: PlanStep): Written {
  if (manual === undefined) return {};
  return {
    who: manual.who.join(', ') || 'anyone',
    tells: manual.instructions.split('\n').filter((line) => line !== ''),
  };
}

export function declareLostPaper({ plan }: PaperContext, step: PlanStep): Written {
  const name = plan.runbook.sites[plan.from].name;
  return {
    who: 'somebody who may answer for it',
    approval: `${step.title} Only when ${name} could not be fenced. How is it known that nothing there writes any more? ______________________`,
  };
}
