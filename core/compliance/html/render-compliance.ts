import {
  absent,
  code,
  element,
  figure,
  instant,
  section,
  strong,
  table,
  type Content,
} from '../../report/html/elements';
import { htmlPage } from '../../report/html/page';
import { withPlainStrings } from '../../report/html/plain-strings';
import { durationText } from '../../report/markdown/duration-text';
import type { ComplianceReport, ComplianceVerdict, GroupCompliance } from '../compliance-report';
import { percentText } from '../percent-text';
import { counted, lengthOf, periodText, verdictSigns } from '../words';
import { groupSections } from './group-sections';
import { stripPatterns, stripStyle } from './rpo-strip';

/**
 * Compliance of a period as one HTML file that asks for nothing from anywhere, as the report of a run is. First all groups in one
 * table, then each with its figures.
 */
export function renderCompliance(made: ComplianceReport): string {
  const report = withPlainStrings(made);
  const { period, groups } = report;
  return htmlPage(
    `Compliance ${period.name}: ${verdictSigns[report.verdict].words}`,
    [
      element('main', {}, stripPatterns, headline(report), overview(groups), ...groups.map(groupPart)),
      element(
        'footer',
        {},
        `Made by Switchback from the evidence of ${counted(groups.length, 'group', 'groups')} as it was at `,
        instant(period.asOf),
        ' UTC, and from nothing else.',
      ),
    ],
    stripStyle,
  );
}

const tones: Readonly<Record<ComplianceVerdict, string>> = {
  compliant: 'good',
  'not-compliant': 'bad',
  'not-provable': 'warn',
};

const badge = (verdict: ComplianceVerdict): Content =>
  element('span', { class: `verdict ${tones[verdict]}` }, inWords(verdict));

const inWords = (verdict: ComplianceVerdict): string => `${verdictSigns[verdict].sign} ${verdictSigns[verdict].words}`;

const headline = ({ period, verdict }: ComplianceReport): Content =>
  element(
    'header',
    {},
    element('h1', {}, `Compliance ${period.name}`, badge(verdict)),
    element('p', { class: 'lead' }, periodText(period)),
  );

const overview = (groups: readonly GroupCompliance[]): Content =>
  section(
    'groups',
    'Groups',
    table(
      ['Group', 'Verdict', 'Grade', 'Within RPO', 'Worst lag', 'Breaches', 'RTO met', 'Drills', 'Approvals missing'],
      groups.map((group) => {
        const { rpo, runs, drills, approvals, grades } = group;
        const recoveries = runs.flatMap((run) => run.recoveries).filter(({ result }) => result !== 'not-counted');
        const met = recoveries.filter(({ result }) => result === 'met').length;
        const answered = drills.due.filter(({ runId }) => runId !== undefined).length;
        const lacking = approvals.filter(({ state }) => state === 'missing' || state === 'claimed-only').length;
        return [
          element('a', { href: `#group-${group.group}` }, group.group),
          element('span', { class: tones[group.verdict] }, strong(inWords(group.verdict))),
          grades === undefined ? absent : (grades.earned ?? 'none'),
          figure(percentText(rpo.withinSeconds, lengthOf(rpo))),
          figure(rpo.worst === undefined ? absent : durationText(rpo.worst.lagSeconds)),
          figure(String(rpo.breaches.length)),
          figure(recoveries.length === 0 ? absent : `${met} of ${recoveries.length}`),
          `${answered} of ${drills.due.length} due; ${drills.held.length} held`,
          figure(String(lacking)),
        ];
      }),
    ),
  );

const groupPart = (group: GroupCompliance): Content =>
  section(
    `group-${group.group}`,
    group.group,
    element(
      'p',
      {},
      element('span', { class: tones[group.verdict] }, strong(inWords(group.verdict))),
      `: ${group.because}`,
    ),
    ...groupSections(group),
    element(
      'p',
      { class: 'lead' },
      `Evidence: ${group.evidence.entries} entries, the last one `,
      code(group.evidence.head.hash),
    ),
  );
