import { readinessWords, type ReadinessState } from '../../core/model/readiness';
import { attestedAs } from '../../core/running/drill-record';
import { formatSeconds, secondsBetween } from '../terminal/format';
import { span, type Line, type Span } from '../terminal/line';
import type { Format } from '../terminal/style';
import { readinessStateLines } from './readiness-view';
import { attentionLines, lagSeconds, phaseFormats, type GroupStatus } from './group-status';
import { tableLines } from './table-lines';

const headings = ['group', 'state', 'active', 'behind', 'RPO', 'readiness', 'last drill', 'next drill', 'waits for'];

const unknown = span('–', 'dim');

/** All groups on one screen, a row each, and below what a person should do about them. */
export const overviewLines = (groups: readonly GroupStatus[], now: string): Line[] => [
  ...tableLines(
    headings,
    groups.map((group) => rowOf(group, now)),
  ),
  ...groups.flatMap((group) => {
    const doubtful = group.state?.readiness !== undefined && group.state.readiness.state !== 'Ready';
    const lines = [
      ...(group.state && doubtful ? readinessStateLines(group.state, now) : []),
      ...attentionLines(group, now),
    ];
    return lines.length === 0 ? [] : [[], [span(group.group, 'bold')], ...lines];
  }),
];

function rowOf({ group, state, runs, nextDrill }: GroupStatus, now: string): Span[] {
  const waits = runs.flatMap(({ waitingFor }) => waitingFor.map(({ name }) => name));
  if (state === undefined)
    return [span(group, 'bold'), span('does not answer', 'yellow'), ...headings.slice(2).map(() => unknown)];
  return [
    span(group, 'bold'),
    span(state.phase, phaseFormats[state.phase]),
    span(state.activeSite),
    ...lagCells(state, now),
    readinessCell(state.readiness?.state),
    lastDrillCell(state, now),
    nextDrill === undefined ? unknown : span(`in ${formatSeconds(secondsBetween(now, nextDrill))}`),
    waits.length === 0 ? unknown : span(waits.join(', '), 'magenta'),
  ];
}

function lagCells({ replication, breach }: NonNullable<GroupStatus['state']>, now: string): Span[] {
  const { rpoSeconds, direction, asOf } = replication;
  if (direction === 'none') return [span('not replicated', 'yellow'), unknown];
  const lag = lagSeconds(asOf, now);
  const over = breach !== undefined || (lag !== undefined && rpoSeconds !== undefined && lag > rpoSeconds);
  return [
    lag === undefined ? unknown : span(formatSeconds(lag), over ? 'red' : 'reset'),
    rpoSeconds === undefined
      ? unknown
      : span(`${formatSeconds(rpoSeconds)}${over ? ', missed' : ''}`, over ? 'red' : 'reset'),
  ];
}

const readinessFormats: Readonly<Record<ReadinessState, Format>> = {
  Ready: 'green',
  AtRisk: 'yellow',
  NotReady: 'red',
};

const readinessCell = (state: ReadinessState | undefined): Span =>
  state === undefined ? unknown : span(readinessWords[state], readinessFormats[state]);

/** "completed 12 d ago, not attested" */
function lastDrillCell({ runs, drills }: NonNullable<GroupStatus['state']>, now: string): Span {
  const last = runs.find(({ operation }) => operation === 'drill');
  if (last === undefined) return span('never', 'yellow');
  const attested = drills?.attested.find(({ runId }) => runId === last.runId)?.verdict;
  const said = attested ?? (attestedAs(drills, last.runId) === '' ? last.verdict : `${last.verdict}, not attested`);
  const good = attested === undefined ? last.verdict === 'completed' : attested === 'passed';
  return span(`${said}, ${formatSeconds(secondsBetween(last.finishedAt, now))} ago`, good ? 'reset' : 'yellow');
}
