import type { FigureComparison, RunComparison, SaidDecision, StepComparison } from '../../core/report/compare-runs';
import { count, formatSeconds } from '../terminal/format';
import { span, type Line } from '../terminal/line';

/** Two runs side by side: what is the same is said shortly, what is not is named. */
export function comparisonLines(comparison: RunComparison): Line[] {
  const { first, second, figures, steps, earlierRuns, checks } = comparison;
  const deviations = steps.filter(({ deviation }) => deviation);
  return [
    [span('first   '), span(first.workflowId, 'bold'), span(`  ${first.verdict}: ${first.because}`)],
    [span('second  '), span(second.workflowId, 'bold'), span(`  ${second.verdict}: ${second.because}`)],
    ...planLines(comparison),
    [],
    ...figures.filter(({ first: one, second: other }) => one !== null || other !== null).map(figureLine),
    [],
    [span(deviationText(deviations.length, earlierRuns), deviations.length > 0 ? 'yellow' : 'reset')],
    ...deviations.map(deviationLine),
    ...changedSteps(steps),
    ...decisionLines(comparison.decisions),
    ...checks.flatMap(({ step, first: one, second: other }): Line[] => [
      [span(`  ${step} saw`)],
      [span('    - ', 'red'), span(one)],
      [span('    + ', 'green'), span(other)],
    ]),
  ];
}

function planLines({ plan: { same, sameRunbook, hashes, removed, added, changed } }: RunComparison): Line[] {
  if (same) return [[span('plan    the same, '), span((hashes[0] ?? '').slice(0, 12), 'dim')]];
  const names = hashes.map((hash) => hash?.slice(0, 12) ?? 'none');
  return [
    [span(`plan    ${names[0]} and ${names[1]}; ${sameRunbook ? 'of the same runbook' : 'the runbook has changed'}`)],
    ...removed.map((id): Line => [span('  - ', 'red'), span(id)]),
    ...added.map((id): Line => [span('  + ', 'green'), span(id)]),
    ...changed.map((id): Line => [span('  ~ ', 'yellow'), span(id)]),
  ];
}

const secondsText = (seconds: number | null): string => (seconds === null ? '–' : formatSeconds(seconds));

const figureLine = ({ figure, first, second }: FigureComparison): Line => [
  span(`  ${figure.padEnd(26)}${secondsText(first).padEnd(14)}${secondsText(second).padEnd(14)}`),
  span(first === null || second === null ? '' : difference(second - first)),
];

const difference = (seconds: number): string =>
  seconds === 0 ? 'the same' : `${formatSeconds(Math.abs(seconds))} ${seconds > 0 ? 'longer' : 'shorter'}`;

function deviationText(deviations: number, earlierRuns: number): string {
  if (earlierRuns < 3) return `${count(earlierRuns, 'earlier run')}: too few to tell what is unusual`;
  const what = deviations === 0 ? 'no step took' : deviations === 1 ? '1 step took' : `${deviations} steps took`;
  return `${what} longer than in nine of ten of ${count(earlierRuns, 'earlier run')}`;
}

const deviationLine = ({ id, second, p90 }: StepComparison): Line => [
  span('  ! ', 'yellow'),
  span(id),
  span(`  ${secondsText(second)}, where ${secondsText(p90 ?? null)} was enough`),
];

/** Steps of both runs that ended in another way. */
const changedSteps = (steps: readonly StepComparison[]): Line[] =>
  steps
    .filter(({ status: [one, other] }) => one !== null && other !== null && one !== other)
    .map(({ id, status: [one, other] }): Line => [span(`  ${id}: ${one}, then ${other}`)]);

function decisionLines({ first, second }: RunComparison['decisions']): Line[] {
  const text = (decisions: readonly SaidDecision[]): string =>
    decisions.map(({ gate, by, decision }) => `${gate}: ${decision} by ${by}`).join('; ') || 'none';
  if (text(first) === text(second)) return [[span(`decisions  ${text(first)}`)]];
  return [
    [span('decisions')],
    [span('    - ', 'red'), span(text(first))],
    [span('    + ', 'green'), span(text(second))],
  ];
}
