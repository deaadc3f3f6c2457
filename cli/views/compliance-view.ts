import type {
  ComplianceReport,
  ComplianceVerdict,
  Finding,
  GroupCompliance,
} from '../../core/compliance/compliance-report';
import { percentText } from '../../core/compliance/percent-text';
import { lengthOf, periodText, verdictSigns } from '../../core/compliance/words';
import { formatSeconds } from '../terminal/format';
import { span, type Line } from '../terminal/line';
import type { Format } from '../terminal/style';

const colours: Readonly<Record<ComplianceVerdict, Format>> = {
  compliant: 'green',
  'not-compliant': 'red',
  'not-provable': 'yellow',
};

/** One row a group, then what each verdict is from. */
export function complianceLines({ period, groups }: ComplianceReport): Line[] {
  const rows = groups.map(rowOf);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const padded = (row: readonly string[]): readonly string[] =>
    row.map((cell, column) => cell.padEnd((widths[column] ?? 0) + 2));
  return [
    [span('Compliance ', 'bold'), span(periodText(period))],
    [],
    [span(padded(headings).join(''), 'dim')],
    ...groups.map(({ verdict }, index): Line => {
      const [name = '', said = '', ...figures] = padded(rows[index] ?? []);
      return [span(name, 'bold'), span(said, colours[verdict]), span(figures.join(''))];
    }),
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

function rowOf({ group, verdict, grades, rpo, runs, drills }: GroupCompliance): readonly string[] {
  const { sign, words } = verdictSigns[verdict];
  const counted = runs.flatMap(({ recoveries }) => recoveries).filter(({ result }) => result !== 'not-counted');
  const met = counted.filter(({ result }) => result === 'met').length;
  return [
    ...[group, `${sign} ${words}`, grades === undefined ? '–' : (grades.earned ?? 'none')],
    percentText(rpo.withinSeconds, lengthOf(rpo)),
    rpo.worst === undefined ? '–' : formatSeconds(rpo.worst.lagSeconds),
    String(rpo.breaches.length),
    counted.length === 0 ? '–' : `${met} of ${counted.length}`,
    String(drills.due.length),
    String(drills.due.filter(({ state }) => state === 'overdue').length),
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
