import type { ProtectionTerms } from '../model/evidence';
import { approvalFigures } from './approvals';
import type {
  CompliancePeriod,
  ComplianceReport,
  ComplianceVerdict,
  CoverageFigure,
  Finding,
  GroupCompliance,
} from './compliance-report';
import { drillFindings } from './drill-findings';
import { drillsFigure } from './drills';
import {
  approvalFindings,
  coverageFindings,
  decisionFindings,
  delegationFindings,
  evidenceFindings,
  gradeFindings,
  rpoFindings,
  runFindings,
} from './findings';
import { gradesFigure } from './grades';
import type { KeptEvidence } from './kept-evidence';
import { endOf } from './period';
import { rpoFigure } from './rpo-figure';
import { termsWithin } from './rpo-pieces';
import { endedAt, runFigures } from './runs';

/** Whether the groups held what was promised in the period. Pure: the same evidence and instant give the same report. */
export function buildCompliance(period: CompliancePeriod, kept: readonly KeptEvidence[]): ComplianceReport {
  const groups = kept.map((one) => groupCompliance(one, period));
  const verdicts = groups.map(({ verdict }) => verdict);
  return {
    schemaVersion: 1,
    period,
    verdict: (['not-compliant', 'not-provable'] as const).find((one) => verdicts.includes(one)) ?? 'compliant',
    groups,
  };
}

function groupCompliance(kept: KeptEvidence, period: CompliancePeriod): GroupCompliance {
  const span = { from: period.from, to: endOf(period) };
  const inPeriod = (at: string): boolean =>
    Date.parse(at) >= Date.parse(span.from) && Date.parse(at) < Date.parse(span.to);
  const promised = termsWithin(kept.terms, span);
  const reports = kept.reports.filter((report) => inPeriod(endedAt(report)));
  const rpo = rpoFigure(kept, period);
  const runs = runFigures(kept.reports).filter((run) => inPeriod(run.endedAt));
  const drills = drillsFigure(kept, period);
  const approvals = reports.flatMap((report) => approvalFigures(report, kept));
  const coverage = coverageOf(promised.at(-1));
  const declared = promised.at(-1)?.objectives.grades ?? [];
  const grades = declared.length > 0 ? gradesFigure(declared, rpo, runs) : undefined;
  const graded = grades !== undefined;
  const findings = [
    ...evidenceFindings(kept, span.from),
    ...gradeFindings(grades),
    ...rpoFindings(rpo, graded),
    ...runFindings(runs, graded),
    ...drillFindings(drills),
    ...approvalFindings(approvals),
    ...delegationFindings(reports),
    ...decisionFindings(kept),
    ...coverageFindings(coverage),
  ];
  const { group, entries, head, faults, begins } = kept;
  return {
    group,
    ...judge(findings, faults.length > 0),
    ...(grades && { grades }),
    findings: inOrder(findings),
    evidence: {
      entries,
      head,
      faults: faults.map(({ where, what }) => `${where}: ${what}`),
      ...(begins && { begins }),
    },
    promised: promised.map(({ since, runbookDigest, objectives, failbackRpoSeconds }) => ({
      ...{ since, runbookDigest, objectives, failbackRpoSeconds },
    })),
    ...{ rpo, runs, drills, approvals, coverage },
  };
}

const kinds = ['violation', 'gap', 'note'] as const;

const inOrder = (findings: readonly Finding[]): readonly Finding[] =>
  kinds.flatMap((kind) => findings.filter((one) => one.kind === kind));

/** What a chain says that was changed may be untrue, also where it speaks against somebody. */
function judge(
  findings: readonly Finding[],
  broken: boolean,
): { readonly verdict: ComplianceVerdict; readonly because: string } {
  const of = (kind: Finding['kind']): readonly Finding[] => findings.filter((one) => one.kind === kind);
  const [violations, gaps] = [of('violation'), of('gap')];
  if (broken) return { verdict: 'not-provable', because: 'the evidence is not as it was written' };
  if (violations.length > 0) return { verdict: 'not-compliant', because: summary(violations) };
  if (gaps.length > 0) return { verdict: 'not-provable', because: summary(gaps) };
  return { verdict: 'compliant', because: 'everything that was promised was held, and is on record' };
}

const summary = ([first, ...more]: readonly Finding[]): string =>
  `${first?.what ?? ''}${more.length > 0 ? `; and ${more.length} more` : ''}`;

const coverageOf = (terms: ProtectionTerms | undefined): CoverageFigure =>
  terms === undefined
    ? { workloads: [], volumes: [] }
    : {
        workloads: terms.workloads,
        volumes: terms.volumes,
        ...(terms.uncovered && { uncovered: terms.uncovered }),
        since: terms.since,
      };
