import type { DrillsFigure, DueDrill, Finding, HeldDrillFigure } from './compliance-report';
import { stateOfDrill } from './drills';

const finding = (kind: Finding['kind'], what: string): Finding => ({ kind, about: 'drill', what });

/** A drill that failed is no violation once a later one has passed: that is what drills are for. */
export function drillFindings({ due, held }: DrillsFigure): readonly Finding[] {
  return [
    ...due.flatMap(ofDue),
    ...held.flatMap((drill) => ofHeld(drill, held)),
    ...(due.length === 0 ? [finding('note', `no drill was due; ${held.length} were held`)] : []),
  ];
}

function ofDue({ schedule, dueAt, until, state, late }: DueDrill): readonly Finding[] {
  const which = `${schedule}, due ${dueAt}`;
  if (state === 'overdue') return [finding('violation', `${which}: no drill was held`)];
  if (state === 'pending') return [finding('note', `${which}: may still be held until ${until}`)];
  return late ? [finding('note', `${which}: held late`)] : [];
}

function ofHeld(drill: HeldDrillFigure, all: readonly HeldDrillFigure[]): readonly Finding[] {
  const { workflowId, attested, verdict, startedAt } = drill;
  const state = stateOfDrill(drill);
  if (state === 'unattested') return [finding('gap', `${workflowId}: nobody has said whether it passed`)];
  const claimed =
    attested?.identity === 'claimed'
      ? [finding('note', `${workflowId}: attested by ${attested.by}, claimed, not signed`)]
      : [];
  if (state === 'passed') return claimed;
  const repeated = all.some(
    (other) => Date.parse(other.startedAt) > Date.parse(startedAt) && stateOfDrill(other) === 'passed',
  );
  const what = attested ? `attested as failed by ${attested.by}` : `ended as ${verdict}`;
  return [
    finding(repeated ? 'note' : 'violation', `${workflowId}: ${what}${repeated ? '; a later drill passed' : ''}`),
    ...claimed,
  ];
}
