import { operationTraits } from '../model/operation';
import type { Verdict } from '../model/verdict';
import type { CompliancePeriod, DrillsFigure, DueDrill, HeldDrillFigure } from './compliance-report';
import { dueDates, type DueDate } from './due-dates';
import type { KeptEvidence } from './kept-evidence';
import { endOf } from './period';
import { endedAt, type KeptReport } from './runs';

/** Whether there was a drill, however it went. One that was refused, declined or withdrawn was none. */
const held: Readonly<Record<Verdict | 'running', boolean>> = {
  completed: true,
  'completed-with-issues': true,
  'rolled-back': true,
  'rollback-incomplete': true,
  aborted: true,
  running: false,
  declined: false,
  expired: false,
  withdrawn: false,
  refused: false,
};

interface Drill extends HeldDrillFigure {
  readonly begun: number;
  readonly state: 'passed' | 'failed' | 'unattested';
  readonly roundTrip: boolean;
}

/**
 * What was due in the period and whether it was held, by a schedule or by a person. A due date is answered by the best drill that
 * began from then on and before the schedule came again; of those after the period, only by one that was still on time.
 */
export function drillsFigure(kept: KeptEvidence, period: CompliancePeriod): DrillsFigure {
  const drills = kept.reports.flatMap((report) => drillOf(report, kept));
  const [from, end] = [Date.parse(period.from), Date.parse(endOf(period))];
  const due = dueDates(kept.terms, period.asOf)
    .filter((date) => date.due >= from && date.due < end)
    .map((date) => dueDrill(date, drills, { end, asOf: Date.parse(period.asOf) }));
  const answers = new Set(due.map(({ runId }) => runId));
  return {
    due,
    held: drills
      .filter(({ endedAt: at, runId }) => answers.has(runId) || (Date.parse(at) >= from && Date.parse(at) < end))
      .sort((one, other) => one.begun - other.begun)
      .map(({ begun: _begun, state: _state, roundTrip: _roundTrip, ...figure }) => figure),
  };
}

/** As people said; where nobody has, a drill that the machine did not complete has failed all the same. */
export function stateOfDrill({ attested, verdict }: HeldDrillFigure): Drill['state'] {
  if (attested) return attested.verdict;
  return verdict === 'completed' || verdict === 'completed-with-issues' ? 'unattested' : 'failed';
}

function drillOf(report: KeptReport, { attestations }: KeptEvidence): readonly Drill[] {
  const { run, verdict, attestation, legs = [], kept } = report;
  if (!operationTraits[run.operation].isolated || !held[verdict]) return [];
  const own = attestations.find(({ drill }) => drill.workflowId === run.workflowId && drill.runId === run.runId);
  const said = own?.attestation ?? attestation?.said;
  const figure: HeldDrillFigure = {
    workflowId: run.workflowId,
    runId: run.runId,
    startedAt: run.startedAt ?? endedAt(report),
    endedAt: endedAt(report),
    verdict,
    ...(said && {
      attested: {
        ...{ verdict: said.verdict, by: said.by, at: said.at, notes: said.notes },
        identity: said.signed ? 'signed' : 'claimed',
        evidence: own?.kept ?? kept,
      },
    }),
  };
  return [
    {
      ...figure,
      begun: Date.parse(figure.startedAt),
      state: stateOfDrill(figure),
      roundTrip: legs.filter(({ seconds, operation }) => operation !== 'reprotect' && seconds !== undefined).length > 1,
    },
  ];
}

const best: readonly Drill['state'][] = ['passed', 'unattested', 'failed'];

function dueDrill(
  { schedule, due, until, next = Infinity, roundTrip }: DueDate,
  drills: readonly Drill[],
  { end, asOf }: { readonly end: number; readonly asOf: number },
): DueDrill {
  const before = Math.min(next, Math.max(end, until + 1));
  const answers = drills.filter(
    ({ begun, ...drill }) => begun >= due && begun < before && (!roundTrip || drill.roundTrip),
  );
  const [answer] = [...answers].sort(
    (one, other) => best.indexOf(one.state) - best.indexOf(other.state) || one.begun - other.begun,
  );
  const base = { schedule, dueAt: iso(due), until: iso(until) };
  if (answer === undefined) return { ...base, state: asOf <= until ? 'pending' : 'overdue' };
  const { state, workflowId, runId, begun } = answer;
  return { ...base, state, workflowId, runId, ...(begun > until && { late: true }) };
}

const iso = (ms: number): string => new Date(ms).toISOString();
