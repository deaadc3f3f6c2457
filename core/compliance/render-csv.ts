import type { ComplianceReport, GroupCompliance, RunFigure } from './compliance-report';

type Value = string | number | undefined;

interface Table {
  readonly headings: readonly string[];
  readonly rows: (group: GroupCompliance) => readonly (readonly Value[])[];
}

/** Tables that can be had as CSV, one a file. */
export const complianceTables = ['tests', 'groups', 'findings', 'rpo', 'breaches', 'drills', 'approvals'] as const;

export type ComplianceTable = (typeof complianceTables)[number];

const tables: Readonly<Record<ComplianceTable, Table>> = {
  // The headings of a register of tests, as those who supervise banks ask for it (DORA, articles 24 to 26).
  tests: {
    headings: [
      ...[
        'Group',
        'Test ID',
        'Run ID',
        'Type of test',
        'Scenario',
        'Begin (UTC)',
        'End (UTC)',
        'Initiated by',
        'Reason',
      ],
      ...['What was recovered', 'RTO (s)', 'Achieved (s)', 'Result against RTO', 'Result against RPO', 'Outcome'],
      ...['Attested', 'Attested by', 'Attested at (UTC)', 'Identity', 'Notes', 'Evidence entry', 'Evidence SHA-256'],
    ],
    rows: ({ group, runs, drills }) =>
      runs.flatMap((run) => {
        const said = drills.held.find(({ runId }) => runId === run.runId)?.attested;
        return recovered(run).map((recovery) => [
          ...[
            group,
            run.workflowId,
            run.runId,
            run.operation === 'drill' ? 'drill' : 'live',
            `${run.operation}${run.mode ? `, ${run.mode}` : ''}`,
          ],
          ...[run.startedAt, run.endedAt, run.requestedBy, run.reason],
          ...[
            recovery.what,
            recovery.objectiveSeconds,
            recovery.achievedSeconds,
            recovery.result,
            run.rpo.result,
            run.verdict,
          ],
          ...[said?.verdict, said?.by, said?.at, said?.identity, said?.notes, run.evidence.sequence, run.evidence.body],
        ]);
      }),
  },
  groups: {
    headings: [
      ...[
        'Group',
        'Verdict',
        'Because',
        'Grade',
        'Within RPO (s)',
        'Beyond RPO (s)',
        'Not known (s)',
        'Nothing replicated (s)',
      ],
      ...[
        'Worst lag (s)',
        'Worst lag at (UTC)',
        'Breaches',
        'Drills due',
        'Drills held',
        'Overdue',
        'Evidence entries',
        'Evidence head',
      ],
    ],
    rows: ({ group, verdict, because, grades, rpo, drills, evidence }) => [
      [
        ...[
          group,
          verdict,
          because,
          grades?.earned,
          rpo.withinSeconds,
          rpo.beyondSeconds,
          rpo.unknownSeconds,
          rpo.unprotectedSeconds,
        ],
        ...[rpo.worst?.lagSeconds, rpo.worst?.at, rpo.breaches.length, drills.due.length, drills.held.length],
        ...[drills.due.filter(({ state }) => state === 'overdue').length, evidence.entries, evidence.head.hash],
      ],
    ],
  },
  findings: {
    headings: ['Group', 'Kind', 'About', 'What'],
    rows: ({ group, findings }) => findings.map(({ kind, about, what }) => [group, kind, about, what]),
  },
  rpo: {
    headings: ['Group', 'From (UTC)', 'To (UTC)', 'Within RPO (s)', 'Beyond RPO (s)', 'Not known (s)', 'Worst lag (s)'],
    rows: ({ group, rpo }) =>
      rpo.slices.map(({ from, to, withinSeconds, beyondSeconds, unknownSeconds, worstLagSeconds }) => [
        ...[group, from, to, withinSeconds, beyondSeconds, unknownSeconds, worstLagSeconds],
      ]),
  },
  breaches: {
    headings: ['Group', 'Kind', 'Begin (UTC)', 'End (UTC)', 'Length (s)', 'In the period (s)', 'Worst lag (s)'],
    rows: ({ group, rpo }) =>
      rpo.breaches.map(({ kind, since, until, seconds, secondsInPeriod, worstLagSeconds }) => [
        ...[group, kind, since, until, seconds, secondsInPeriod, worstLagSeconds],
      ]),
  },
  drills: {
    headings: ['Group', 'Schedule', 'Due (UTC)', 'On time until (UTC)', 'State', 'Late', 'Test ID', 'Run ID'],
    rows: ({ group, drills }) =>
      drills.due.map(({ schedule, dueAt, until, state, late, workflowId, runId }) => [
        ...[group, schedule, dueAt, until, state, late ? 'yes' : 'no', workflowId, runId],
      ]),
  },
  approvals: {
    headings: [
      'Group',
      'Test ID',
      'Run ID',
      'Gate',
      'Required',
      'Signatures',
      'State',
      'Because',
      'Approved by',
      'Identity',
      'At (UTC)',
    ],
    rows: ({ group, approvals }) =>
      approvals.flatMap(({ workflowId, runId, gate, required, state, because, approvedBy }) =>
        (approvedBy.length > 0 ? approvedBy : [undefined]).map((person) => [
          ...[
            group,
            workflowId,
            runId,
            gate,
            required.required,
            required.signed ? 'required' : 'not required',
            state,
            because,
          ],
          ...[person?.by, person?.identity, person?.at],
        ]),
      ),
  },
};

/** One row a recovery; a run without one has a row all the same. */
const recovered = ({ recoveries }: RunFigure): readonly Partial<RunFigure['recoveries'][number]>[] =>
  recoveries.length > 0 ? recoveries : [{}];

/** One table of all groups as CSV (RFC 4180): every line ends with CR LF, the first one has the headings. */
export function renderCsv(report: ComplianceReport, table: ComplianceTable): string {
  const { headings, rows } = tables[table];
  const lines = [headings, ...report.groups.flatMap(rows)];
  return lines.map((line) => `${line.map(field).join(',')}\r\n`).join('');
}

/** Programs that open CSV run what begins so; people write notes and reasons. */
const FORMULA = /^[=+\-@\t\r]/;

function field(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const harmless = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
