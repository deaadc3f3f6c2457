import { absent, code, element, figure, instant, list, strong, table, type Content } from '../../report/html/elements';
import { durationText } from '../../report/markdown/duration-text';
import type { ApprovalFigure, Finding, GroupCompliance } from '../compliance-report';
import { percentText } from '../percent-text';
import { lengthOf, promisedText } from '../words';
import { rpoStrip } from './rpo-strip';

/** So many rows a table; the rest is in JSON and CSV. */
const MOST_ROWS = 300;

/** What a group held, part by part; without content a part is nothing. */
export const groupSections = (group: GroupCompliance): readonly Content[] => [
  findings(group),
  part('Promised', list(group.promised.map((one) => ['since ', instant(one.since), ` UTC: ${promisedText(one)}`]))),
  grades(group),
  part('RPO over time', rpoWords(group), rpoStrip(group.rpo, group.group), breaches(group)),
  part('Recovery times (RTO)', recoveries(group)),
  part('Drills', dueDrills(group), heldDrills(group)),
  part('Approvals', approvals(group)),
  part('Coverage', coverage(group)),
];

function part(heading: string, ...content: readonly Content[]): Content {
  const there = content.filter((one) => one !== null);
  return there.length === 0 ? null : element('div', {}, element('h3', {}, heading), ...there);
}

const signs: Readonly<Record<Finding['kind'], string>> = { violation: '✗ ', gap: '? ', note: '' };

function findings({ findings: all }: GroupCompliance): Content {
  const shown = all
    .slice(0, MOST_ROWS)
    .map(({ kind, about, what }) => [strong(`${signs[kind]}${kind}`), ` ${about}: ${what}`]);
  const worst = kinds.find((kind) => all.some((one) => one.kind === kind));
  return worst === undefined ? null : element('div', { class: looks[worst] }, list([...shown, ...rest(all.length)]));
}

const kinds = ['violation', 'gap', 'note'] as const;

const looks: Readonly<Record<Finding['kind'], string>> = {
  violation: 'attention',
  gap: 'attention mild',
  note: 'attention calm',
};

const rest = (count: number): readonly Content[] =>
  count > MOST_ROWS ? [`and ${count - MOST_ROWS} more, in the JSON`] : [];

const grades = ({ grades: figures }: GroupCompliance): Content =>
  part(
    'Grades',
    table(
      ['Grade', 'Result', 'Because'],
      (figures?.all ?? []).map(({ name, result, because }) => [name, strong(result.replaceAll('-', ' ')), because]),
    ),
  );

function rpoWords({ rpo }: GroupCompliance): Content {
  const total = lengthOf(rpo);
  const shares = [
    `${percentText(rpo.withinSeconds, total)} within the RPO`,
    ...(rpo.beyondSeconds > 0
      ? [`${percentText(rpo.beyondSeconds, total)} beyond it (${durationText(rpo.beyondSeconds)})`]
      : []),
    ...(rpo.unknownSeconds > 0
      ? [`${percentText(rpo.unknownSeconds, total)} not known (${durationText(rpo.unknownSeconds)})`]
      : []),
  ];
  const worst = rpo.worst
    ? [`; worst lag ${durationText(rpo.worst.lagSeconds)} at `, instant(rpo.worst.at), ' UTC']
    : [];
  return element('p', {}, shares.join(', '), ...worst, '.');
}

const breaches = ({ rpo }: GroupCompliance): Content =>
  table(
    ['Breach', 'Begin (UTC)', 'End (UTC)', 'Length', 'In the period', 'Worst lag'],
    rpo.breaches
      .slice(0, MOST_ROWS)
      .map(({ kind, since, until, seconds, secondsInPeriod, worstLagSeconds }) => [
        kind === 'lag' ? 'beyond the RPO' : 'nothing replicated',
        ...[instant(since), until === undefined ? 'not seen' : instant(until)],
        figure(`${until === undefined ? 'at least ' : ''}${durationText(seconds)}`),
        figure(durationText(secondsInPeriod)),
        figure(worstLagSeconds === undefined ? absent : durationText(worstLagSeconds)),
      ]),
  );

const recoveries = ({ runs }: GroupCompliance): Content =>
  table(
    ['Run', 'Ended (UTC)', 'Verdict', 'What', 'RTO', 'Achieved', 'Result'],
    runs
      .slice(0, MOST_ROWS)
      .flatMap(({ workflowId, endedAt, verdict, recoveries: all }) =>
        (all.length > 0 ? all : [undefined]).map((one) => [
          ...[code(workflowId), instant(endedAt), verdict.replaceAll('-', ' '), one?.what ?? absent],
          figure(one?.objectiveSeconds === undefined ? absent : durationText(one.objectiveSeconds)),
          figure(one?.achievedSeconds === undefined ? absent : durationText(one.achievedSeconds)),
          one === undefined
            ? 'no recovery'
            : [strong(one.result.replaceAll('-', ' ')), one.result === 'met' ? '' : `: ${one.because}`],
        ]),
      ),
  );

const dueDrills = ({ drills }: GroupCompliance): Content =>
  table(
    ['Due (UTC)', 'Schedule', 'State', 'Run'],
    drills.due
      .slice(0, MOST_ROWS)
      .map(({ dueAt, schedule, state, late, workflowId }) => [
        ...[instant(dueAt), schedule, strong(`${state === 'overdue' ? '✗ ' : ''}${state}${late ? ', late' : ''}`)],
        workflowId === undefined ? absent : code(workflowId),
      ]),
  );

const heldDrills = ({ drills }: GroupCompliance): Content =>
  table(
    ['Held (UTC)', 'Drill', 'Verdict', 'Attested', 'By', 'At (UTC)', 'Identity', 'Notes'],
    drills.held
      .slice(0, MOST_ROWS)
      .map(({ startedAt, workflowId, verdict, attested }) => [
        ...[instant(startedAt), code(workflowId), verdict.replaceAll('-', ' ')],
        ...(attested
          ? [strong(attested.verdict), attested.by, instant(attested.at), attested.identity, attested.notes]
          : [strong('nobody has said'), absent, absent, absent, absent]),
      ]),
  );

const approvals = ({ approvals: all }: GroupCompliance): Content =>
  table(
    ['Run', 'Gate', 'Required', 'State', 'Approved by'],
    all
      .slice(0, MOST_ROWS)
      .map((one) => [
        ...[code(one.workflowId), code(one.gate), `${one.required.required}${one.required.signed ? ', signed' : ''}`],
        [strong(one.state.replaceAll('-', ' ')), one.state === 'given' ? '' : `: ${one.because}`],
        one.approvedBy.length === 0 ? absent : one.approvedBy.map(approver).join(', '),
      ]),
  );

const approver = ({ by, identity, requester }: ApprovalFigure['approvedBy'][number]): string =>
  `${by} (${identity}${requester ? ', asked for the run' : ''})`;

function coverage({ coverage: { workloads, volumes, uncovered, since } }: GroupCompliance): Content {
  if (since === undefined) return null;
  const rows: readonly (readonly [string, string])[] = [
    ['workloads in the plan', workloads.join(', ') || 'none'],
    ['volumes in the plan', volumes.join(', ') || 'none'],
    ['seen, and in no plan', uncovered === undefined ? 'nobody looked' : uncovered.join(', ') || 'nothing'],
  ];
  return table(
    ['', ''],
    rows.map(([what, names]) => [what, names]),
  );
}
