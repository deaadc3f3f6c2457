import { durationText } from '../markdown/duration-text';
import type { Report } from '../report';
import { absent, code, element, figure, instant, section, strong, table, type Cell, type Content } from './elements';

/** The run beside those of the same operation that ended before it. */
export function comparisonSection(report: Report): Content {
  const { earlier, run, verdict, time, estimate, interruption } = report;
  if (!earlier || earlier.runs.length === 0) return null;
  const before = median(earlier.runs.flatMap(({ workSeconds }) => workSeconds ?? []));
  const actual = estimate.actualSeconds;
  return section(
    'comparison',
    'Beside earlier runs',
    before !== undefined && actual !== undefined && element('p', {}, comparedTo(before, actual)),
    table(
      ['Run', 'Began (UTC)', 'Verdict', 'Took', 'Of it work', 'Downtime'],
      [
        [
          ...[strong('this run'), instant(run.startedAt), strong(verdict), took(time.totalSeconds)],
          ...[took(actual), took(interruption.seconds)],
        ],
        ...earlier.runs.map((one) => [
          ...[code(one.workflowId), instant(one.startedAt), one.verdict, took(one.seconds)],
          ...[took(one.workSeconds), took(one.interruptionSeconds)],
        ]),
      ],
    ),
  );
}

/** Less is noise. */
const WORTH_TELLING = 0.1;

function comparedTo(before: number, actual: number): string {
  const change = (actual - before) / Math.max(before, 0.001);
  const median = `the median of those before it, ${durationText(before)}`;
  if (Math.abs(change) < WORTH_TELLING) return `Its work took about as long as ${median}.`;
  return `Its work took ${Math.abs(change * 100).toFixed(0)} % ${change > 0 ? 'longer' : 'less time'} than ${median}.`;
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((left, right) => left - right);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

const took = (seconds: number | undefined): Cell => figure(seconds === undefined ? absent : durationText(seconds));
