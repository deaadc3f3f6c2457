import { buildCompliance } from '../../../core/compliance/build-compliance';
import type { CompliancePeriod, GroupCompliance } from '../../../core/compliance/compliance-report';
import type { KeptEvidence } from '../../../core/compliance/kept-evidence';
import { periodOf } from '../../../core/compliance/period';
import { emptyHead } from '../../../core/evidence/entry';
import type { ProtectionSample, ProtectionTerms } from '../../../core/model/evidence';
import type { Decision } from '../../../core/model/run';
import type { AttestationVerdict } from '../../../core/model/verdict';
import { buildReport } from '../../../core/report/build-report';
import type { Report } from '../../../core/report/report';
import { scheduleOf } from '../../../core/runbook/schedule';

export const quarter = (asOf = '2027-01-10T00:00:00.000Z', timeZone = 'UTC'): CompliancePeriod =>
  periodOf({ quarter: '2026Q4', timeZone }, asOf);

const schedule = (changes: Partial<Parameters<typeof scheduleOf>[0]>) =>
  scheduleOf({
    ...{ name: 'monthly', operation: 'drill', start: '2026-10-06T10:00', repeat: 'FREQ=MONTHLY;BYDAY=1TU' },
    ...{ timeZone: 'UTC', catchUp: '4h', pauseOnFailure: false },
    ...changes,
  });

export const schedules = schedule;

export const terms = (changes: Partial<ProtectionTerms> = {}): ProtectionTerms => ({
  schemaVersion: 1,
  since: '2026-09-01T00:00:00.000Z',
  runbookDigest: 'd'.repeat(64),
  objectives: { rpoSeconds: 5, rtoSeconds: 60 },
  failbackRpoSeconds: 900,
  workloads: ['ledger', 'web'],
  volumes: ['orders'],
  schedules: [],
  approvals: [],
  uncovered: [],
  ...changes,
});

/** Wholly within the objective, unless something else is said. */
export function sample(from: string, to: string, changes: Partial<ProtectionSample> = {}): ProtectionSample {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  return {
    ...{ schemaVersion: 1, from, to, phase: 'Protected', activeSite: 'primary', direction: 'primary-to-recovery' },
    ...{ rpoSeconds: 5, withinSeconds: seconds, beyondSeconds: 0, unknownSeconds: 0, breaches: [] },
    ...changes,
  };
}

/** A sample that was beyond the objective in these stretches; without an end it still is. */
export function breached(
  from: string,
  to: string,
  stretches: readonly (readonly [since: string, until?: string])[],
  worstLagSeconds = 30,
): ProtectionSample {
  const ms = (text: string): number => Date.parse(text);
  const beyondSeconds = stretches.reduce(
    (sum, [since, until = to]) => sum + (Math.min(ms(until), ms(to)) - Math.max(ms(since), ms(from))) / 1000,
    0,
  );
  return sample(from, to, {
    withinSeconds: (ms(to) - ms(from)) / 1000 - beyondSeconds,
    beyondSeconds,
    worst: { lagSeconds: worstLagSeconds, at: stretches[0]?.[0] ?? from },
    breaches: stretches.map(([since, until]) => ({ since, ...(until && { until }), worstLagSeconds })),
  });
}

/** All of 2026Q4 and a little more, without a second missing. */
export const wholeQuarter: readonly ProtectionSample[] = [
  sample('2026-09-30T23:00:00.000Z', '2027-01-01T01:00:00.000Z'),
];

type Kept = KeptEvidence['reports'][number];

/** The report of a move that was made in so many seconds. */
export function move(id: string, startedAt: string, seconds: number, changes: Partial<Report> = {}): Kept {
  const at = (after: number): string => new Date(Date.parse(startedAt) + after * 1000).toISOString();
  const made = buildReport({
    run: { workflowId: id, runId: `run of ${id}`, group: 'shop', operation: 'failover' },
    events: [
      { at: startedAt, kind: 'run-started', requestedBy: 'eve@example.com' },
      { at: at(seconds), kind: 'run-finished', verdict: 'completed', because: 'done' },
    ],
  });
  return {
    ...made,
    recoveryTime: { because: 'measured', startedAt, endedAt: at(seconds), seconds, from: [] },
    objectives: {
      rpo: { result: 'met', because: 'proven', from: [] },
      rto: {
        result: seconds <= 60 ? 'met' : 'missed',
        because: 'measured',
        objectiveSeconds: 60,
        achievedSeconds: seconds,
        from: [],
      },
    },
    plan: {
      hash: 'a',
      runbookDigest: 'd',
      epochs: { from: 1, to: 2, rollback: 3 },
      steps: 1,
      commitStep: 'c',
      description: '',
    },
    ...changes,
    run: { ...made.run, mode: 'planned', ...changes.run },
    kept: { sequence: 7, body: 'b'.repeat(64) },
  };
}

/** The report of a drill with one rehearsed move. */
export function drill(
  id: string,
  startedAt: string,
  changes: Partial<Report> & { readonly seconds?: number } = {},
): Kept {
  const { seconds = 20, ...more } = changes;
  const made = move(id, startedAt, 600);
  return {
    ...made,
    objectives: {
      rpo: { result: 'not-applicable', because: 'a drill moves nothing', from: [] },
      rto: { result: 'not-applicable', because: 'a drill moves nothing', objectiveSeconds: 60, from: [] },
    },
    legs: [
      {
        operation: 'failover',
        site: 'beta',
        seconds,
        withinRto: seconds <= 60,
        what: 'failover of the copy',
        from: [],
      },
    ],
    ...more,
    run: { ...made.run, operation: 'drill' },
  };
}

export function attested(
  of: Kept,
  verdict: AttestationVerdict,
  changes: { readonly signed?: boolean } = {},
): KeptEvidence['attestations'][number] {
  const { workflowId, runId, group } = of.run;
  return {
    drill: {
      ...{ workflowId, runId, group, planHash: 'a', requestedBy: 'eve', verdict: 'completed', because: 'done' },
      ...{ startedAt: of.run.startedAt ?? '', endedAt: of.run.finishedAt ?? '' },
      facts: { site: 'beta', data: [], byHand: [] },
    },
    attestation: {
      ...{ verdict, by: 'ana@example.com', notes: 'looked at the orders', at: of.run.finishedAt ?? '', via: 'update' },
      ...(changes.signed !== false && { signed: { at: of.run.finishedAt ?? '', keyId: '0123456789abcdef' } }),
    },
    kept: { sequence: 8, body: 'c'.repeat(64) },
  };
}

export const approval = (by: string, at: string, changes: Partial<Decision> = {}): Decision => ({
  ...{ gate: 'cutover', by, decision: 'approve', at, via: 'update', planHash: 'a' },
  signed: { at, keyId: '0123456789abcdef' },
  ...changes,
});

export const kept = (changes: Partial<KeptEvidence> = {}): KeptEvidence => ({
  ...{ group: 'shop', entries: 9, head: emptyHead, begins: '2026-09-01T00:00:00.000Z', faults: [] },
  ...{ reports: [], attestations: [], decisions: [], samples: wholeQuarter, terms: [terms()] },
  ...changes,
});

/** What is said of the group in 2026Q4. */
export function said(changes: Partial<KeptEvidence>, period = quarter()): GroupCompliance {
  const [group] = buildCompliance(period, [kept(changes)]).groups;
  if (group === undefined) throw new Error('there is no group');
  return group;
}

export const what = ({ findings }: GroupCompliance, kind: 'violation' | 'gap' | 'note'): readonly string[] =>
  findings.filter((one) => one.kind === kind).map((one) => `${one.about}: ${one.what}`);
