import type { RequiredApproval } from '../model/evidence';
import { differentPeople, samePerson } from '../model/person-name';
import type { Decision } from '../model/run';
import type { Verdict } from '../model/verdict';
import type { GateFigure, Report } from '../report/report';
import type { ApprovalFigure, ApprovedBy } from './compliance-report';
import type { KeptEvidence } from './kept-evidence';
import { termsWithin } from './rpo-pieces';

/** Runs that went past their gates: what comes after a gate was done, even where it was undone again. */
const wentOn: ReadonlySet<Verdict | 'running'> = new Set([
  'completed',
  'completed-with-issues',
  'rolled-back',
  'rollback-incomplete',
]);

/** The approvals that the runbook required of the run when it began, and those that are on record. */
export function approvalFigures(report: Report, { terms }: KeptEvidence): readonly ApprovalFigure[] {
  const { operation, mode, startedAt } = report.run;
  if (startedAt === undefined || report.verdict === 'refused') return [];
  const [inForce] = termsWithin(terms, { from: startedAt, to: new Date(Date.parse(startedAt) + 1).toISOString() });
  return (inForce?.approvals ?? [])
    .filter((one) => one.operation === operation && (one.mode === undefined || one.mode === mode))
    .map((required) => approvalFigure(report, required));
}

function approvalFigure(report: Report, required: RequiredApproval): ApprovalFigure {
  const { workflowId, runId, operation, requestedBy } = report.run;
  const openings = report.gates.filter(({ gate }) => gate === required.gate);
  const passed = openings.find(({ outcome }) => outcome === 'passed');
  const decisions = passed ? counted(report, passed) : [];
  const approvedBy = decisions.map(({ by, at, signed }): ApprovedBy => ({
    ...{ by, at, identity: signed ? 'signed' : 'claimed' },
    ...(requestedBy !== undefined && samePerson(by, requestedBy) && { requester: true }),
  }));
  const { gate, required: people, signed } = required;
  return {
    ...{ workflowId, runId, operation, gate, required: { required: people, signed }, approvedBy },
    ...standing(report, { required, approvedBy, passed, last: openings.at(-1) }),
  };
}

interface AtGate {
  readonly required: RequiredApproval;
  readonly approvedBy: readonly ApprovedBy[];
  readonly passed: GateFigure | undefined;
  readonly last: GateFigure | undefined;
}

function standing(
  report: Report,
  { required, approvedBy, passed, last }: AtGate,
): Pick<ApprovalFigure, 'state' | 'because'> {
  const { required: people, signed } = required;
  if (passed === undefined) {
    const beyond = wentOn.has(report.verdict) || report.committedAt !== undefined;
    if (beyond) return { state: 'missing', because: 'the run went on without this gate' };
    return { state: 'not-reached', because: last ? `the gate was ${last.outcome}` : 'the run ended before it' };
  }
  if (approvedBy.length < people)
    return { state: 'missing', because: `${approvedBy.length} of ${people} approvals are on record` };
  const proven = approvedBy.filter(({ identity }) => identity === 'signed').length;
  if (signed && proven < people)
    return { state: 'claimed-only', because: `${proven} of ${people} approvals are signed` };
  return { state: 'given', because: `${approvedBy.length} of ${people}` };
}

/** Approvals while the gate was open that let the run pass, one a person, without those that were taken back. */
function counted(
  { decisions, withdrawals = [] }: Report,
  { gate, openedAt, closedAt }: GateFigure,
): readonly Decision[] {
  const during = decisions.filter(
    ({ gate: at, decision, at: when }) =>
      at === gate &&
      decision === 'approve' &&
      ms(when) >= ms(openedAt) &&
      (closedAt === undefined || ms(when) <= ms(closedAt)),
  );
  const standing = during.filter(
    ({ by, at }) => !withdrawals.some((one) => one.gate === gate && samePerson(one.by, by) && ms(one.at) >= ms(at)),
  );
  return differentPeople(standing.map(({ by }) => by)).flatMap(
    (person) => standing.filter(({ by }) => samePerson(by, person)).at(-1) ?? [],
  );
}

const ms = (instant: string): number => Date.parse(instant);
