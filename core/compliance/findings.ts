import { durationText } from '../report/markdown/duration-text';
import type { ApprovalFigure, CoverageFigure, Finding, GradesFigure, RpoFigure, RunFigure } from './compliance-report';
import { operationTraits } from '../model/operation';
import type { Report } from '../report/report';
import type { KeptEvidence } from './kept-evidence';
import { percentText } from './percent-text';
import { counted } from './words';

const violation = (about: Finding['about'], what: string): Finding => ({ kind: 'violation', about, what });
const gap = (about: Finding['about'], what: string): Finding => ({ kind: 'gap', about, what });
const note = (about: Finding['about'], what: string): Finding => ({ kind: 'note', about, what });

/** A chain that was changed proves nothing, and terms are needed to know what was promised. */
export function evidenceFindings({ faults, entries, terms }: KeptEvidence, from: string): readonly Finding[] {
  const known = Math.min(...terms.map(({ since }) => Date.parse(since)));
  return [
    ...faults.map(({ where, what }) => gap('evidence', `${where}: ${what}`)),
    ...(entries === 0 ? [gap('evidence', 'there is no evidence of this group')] : []),
    ...(terms.length === 0 ? [gap('evidence', 'what was promised is not kept')] : []),
    ...(terms.length > 0 && known > Date.parse(from)
      ? [gap('evidence', `what was promised before ${new Date(known).toISOString()} is not kept`)]
      : []),
  ];
}

/** Where there are grades, they say what is tolerated. */
export function rpoFindings(rpo: RpoFigure, graded: boolean): readonly Finding[] {
  const { beyondSeconds, unprotectedSeconds, unknownSeconds, breaches, from, to } = rpo;
  const total = (Date.parse(to) - Date.parse(from)) / 1000;
  const longest = Math.max(0, ...breaches.map(({ seconds }) => seconds));
  const beyond = `${durationText(beyondSeconds)} beyond the RPO (${percentText(beyondSeconds, total)}), in ${counted(breaches.length, 'breach', 'breaches')}; the longest ${durationText(longest)}`;
  const unprotected =
    unprotectedSeconds > 0 ? `; ${durationText(unprotectedSeconds)} of it nothing was replicated` : '';
  return [
    ...(beyondSeconds > 0 ? [(graded ? note : violation)('rpo', `${beyond}${unprotected}`)] : []),
    ...(unknownSeconds > 0
      ? [
          (graded ? note : gap)(
            'rpo',
            `of ${durationText(unknownSeconds)} (${percentText(unknownSeconds, total)}) it is not known how far the standby was behind`,
          ),
        ]
      : []),
  ];
}

export const runFindings = (runs: readonly RunFigure[], graded: boolean): readonly Finding[] =>
  runs.flatMap(({ recoveries, operation, workflowId, rpo }) => [
    ...recoveries.flatMap(({ what, result, because, achievedSeconds, objectiveSeconds }) => {
      const took = achievedSeconds === undefined ? '' : `: ${durationText(achievedSeconds)}`;
      const of = objectiveSeconds === undefined ? '' : ` of ${durationText(objectiveSeconds)}`;
      if (result === 'missed')
        return [(graded ? note : violation)('rto', `${workflowId}: ${what} missed the RTO${of}${took}`)];
      if (result === 'unknown')
        return [(graded ? note : gap)('rto', `${workflowId}: how long the ${what} took is not known: ${because}`)];
      return result === 'not-counted' ? [note('rto', `${workflowId}: ${what} is not counted: ${because}`)] : [];
    }),
    // Of a drill, how far production was behind meanwhile is in its samples.
    ...(operationTraits[operation].movesActiveSite && rpo.result === 'missed'
      ? [violation('rpo', `${workflowId} lost more data than the RPO allows: ${rpo.because}`)]
      : []),
    ...(recoveries.some(({ result }) => result === 'met') &&
    operationTraits[operation].movesActiveSite &&
    rpo.result === 'unknown'
      ? [gap('rpo', `${workflowId}: whether data was lost is not known: ${rpo.because}`)]
      : []),
  ]);

/** Only where the objectives have grades. */
export function gradeFindings(grades: GradesFigure | undefined): readonly Finding[] {
  if (grades === undefined) return [];
  const { earned, all } = grades;
  if (earned !== undefined) return [note('grade', `${earned} was earned`)];
  const open = all.find(({ result }) => result === 'unknown');
  if (open) return [gap('grade', `whether ${open.name} was earned is not known: ${open.because}`)];
  const lowest = all.at(-1);
  return [violation('grade', `no grade was earned; not even ${lowest?.name ?? ''}: ${lowest?.because ?? ''}`)];
}

export const approvalFindings = (approvals: readonly ApprovalFigure[]): readonly Finding[] =>
  approvals.flatMap(({ workflowId, gate, state, because, approvedBy, required }) => {
    const own = approvedBy.filter(({ requester }) => requester).map(({ by }) => by);
    const claimed = approvedBy.filter(({ identity }) => identity === 'claimed').map(({ by }) => by);
    return [
      ...(state === 'missing' ? [violation('approval', `${workflowId}, gate ${gate}: ${because}`)] : []),
      ...(state === 'claimed-only'
        ? [violation('approval', `${workflowId}, gate ${gate}: ${because}, and signatures are required`)]
        : []),
      ...(!required.signed && claimed.length > 0
        ? [note('approval', `${workflowId}, gate ${gate}: claimed, not signed, by ${claimed.join(', ')}`)]
        : []),
      ...(own.length > 0
        ? [note('approval', `${workflowId}, gate ${gate}: approved by ${own.join(', ')}, who asked for the run`)]
        : []),
    ];
  });

export const delegationFindings = (reports: readonly Report[]): readonly Finding[] =>
  reports.flatMap(({ run, delegations = [] }) =>
    delegations.map(({ by, to, gate }) => note('approval', `${run.workflowId}, gate ${gate}: ${by} let ${to} decide`)),
  );

/** Somebody decided in a run of which there is no report: it goes on, or it was ended from outside. */
export function decisionFindings({ decisions, reports }: KeptEvidence): readonly Finding[] {
  const reported = new Set(reports.map(({ run }) => run.runId));
  const without = new Set(decisions.filter(({ runId }) => !reported.has(runId)).map(({ workflowId }) => workflowId));
  return [...without].map((id) =>
    note('evidence', `decisions of ${id} are kept, and no report: it goes on, or was ended from outside`),
  );
}

export function coverageFindings({ uncovered, since }: CoverageFigure): readonly Finding[] {
  if (since === undefined) return [];
  if (uncovered === undefined)
    return [note('coverage', 'what runs at the active site and is in no runbook was not looked at')];
  return uncovered.map((what) => note('coverage', `${what} has no plan`));
}
