import type {
  ComplianceReport,
  ComplianceVerdict,
  Finding,
  GroupCompliance,
} from '../../core/compliance/compliance-report';
import { percentText } from '../../core/compliance/percent-text';
import { lengthOf, periodText, verdictSigns } from '../../core/compliance/words';
import { formatSeconds } from '../terminal/format';
import { span, type Line, type Span } from '../terminal/line';
import type { Format } from '../terminal/style';
import { tableLines } from './table-lines';

const colours: Readonly<Record<ComplianceVerdict, Format>> = {
  compliant: 'green',
  'not-compliant': 'red',
  'not-provable': 'yellow',
};

/** One row a group, then what each verdict is from. */
export function complianceLines({ period, groups }: ComplianceReport): Line[] {
  return [
    [span('Compliance ', 'bold'), span(periodText(period))],
    [],
    ...tableLines(headings, groups.map(rowOf)),
    ...groups.flatMap(findingLines),
  ];
}

const headings = [
  'GROUP',
  'VERDICT',
  'GRADE',
  'WITHIN RPO',
  'WORST LAG',
  'BREACHES',
  'RTO MET',
  'DRILLS DUE',
  'OVERDUE',
];

function rowOf({ group, verdict, grades, rpo, runs, drills }: GroupCompliance): readonly Span[] {
  const { sign, words } = verdictSigns[verdict];
  const counted = runs.flatMap(({ recoveries }) => recoveries).filter(({ result }) => result !== 'not-counted');
  const met = counted.filter(({ result }) => result === 'met').length;
  return [
    span(group, 'bold'),
    span(`${sign} ${words}`, colours[verdict]),
    span(grades === undefined ? '–' : (grades.earned ?? 'none')),
    span(percentText(rpo.withinSeconds, lengthOf(rpo))),
    span(rpo.worst === undefined ? '–' : formatSeconds(rpo.worst.lagSeconds)),
    span(String(rpo.breaches.length)),
    span(counted.length === 0 ? '–' : `${met} of ${counted.length}`),
    span(String(drills.due.length)),
    span(String(drills.due.filter(({ state }) => state === 'overdue').length)),
  ];
}

const looks: Readonly<Record<Finding['kind'], { readonly sign: string; readonly format: Format }>> = {
  violation: { sign: '✗', format: 'red' },
  gap: { sign: '?', format: 'yellow' },
  note: { sign: '·', format: 'dim' },
};

const FINDINGS_SHOWN = 20;

function findingLines({ group, findings }: GroupCompliance): Line[] {
  if (findings.length === 0) return [];
  const more = findings.length - FINDINGS_SHOWN;
  return [
    [],
    [span(group, 'bold')],
    ...findings.slice(0, FINDINGS_SHOWN).map(({ kind, about, what }): Line => {
      const { sign, format } = looks[kind];
      return [span(`  ${sign} `, format), span(`${about}: `, 'dim'), span(what)];
    }),
    ...(more > 0 ? [[span(`  and ${more} more, in --json`, 'dim')] as Line] : []),
  ];
}
