import type { ObjectiveFigure, Report, SpanFigure } from '../report';
import { durationText } from './duration-text';
import { blocks, code, join, list, md, nothing, table, type Markdown } from './markdown';

const ATTENTION_SHOWN = 50;

export function headline({ run, verdict }: Report): Markdown {
  return md`${run.operation} of ${run.group}: ${verdict}`;
}

/** Stands above everything else. */
export function attentionList({ needsAttention }: Report): Markdown {
  if (needsAttention.length === 0)
    return md`
Nothing needs attention.
    `;
  const shown = needsAttention.slice(0, ATTENTION_SHOWN);
  const more = needsAttention.length - shown.length;
  return blocks([
    md`**Needs attention (${needsAttention.length}):**`,
    list(shown.map(({ kind, subject, what }) => md`**${kind.replaceAll('-', ' ')}** ${code(subject)}: ${what}`)),
    more > 0 ? md`and ${more} more, in the JSON of this report.` : nothing,
  ]);
}

/** One row a question that is asked first. */
export function summaryTable(report: Report): Markdown {
  const { run, objectives, dataLoss } = report;
  const rows: [string, Markdown][] = [
    ['What ran', whatRan(report)],
    ['Verdict', md`**${report.verdict}**: ${report.because}`],
    ['When', when(report)],
    ['Asked for by', join([md`${run.requestedBy ?? 'unknown'}`, ...(run.reason ? [md`${run.reason}`] : [])], ': ')],
    ['Recovery time', md`${span(report.recoveryTime)}; ${objective('RTO', objectives.rto)}`],
    ['Service interruption', span(report.interruption)],
    ['Data loss', md`${loss(report)}; ${objective('RPO', objectives.rpo)}`],
    ['Time', timeParts(report)],
    ['Estimate', estimate(report)],
    [
      'Commit point',
      report.committedAt
        ? md`passed ${report.committedAt}`
        : md`
not passed
          `,
    ],
  ];
  const volumes = dataLoss.volumes.map(({ volume, point, what }): [string, Markdown] => [
    'Lost',
    md`${code(volume)} from recovery point ${code(point)}: ${what}`,
  ]);
  rows.splice(7, 0, ...volumes);
  return table(
    ['Question', 'Answer'],
    rows.map(([question, answer]) => [md`${question}`, answer]),
  );
}

function whatRan({ run }: Report): Markdown {
  const mode = run.mode ? md`, ${run.mode}` : nothing;
  const way = run.fromSite && run.toSite && run.fromSite !== run.toSite;
  const sites = way ? md`, ${code(run.fromSite)} → ${code(run.toSite)}` : nothing;
  return md`${run.operation} of ${code(run.group)}${mode}${sites}`;
}

function when({ run, time }: Report): Markdown {
  if (!run.startedAt)
    return md`
not started
    `;
  if (run.finishedAt) return md`${run.startedAt} to ${run.finishedAt} (${durationText(time.totalSeconds)})`;
  return md`since ${run.startedAt}; these figures are as of ${run.asOf ?? run.startedAt}`;
}

function span({ seconds, atLeast, because, peopleSeconds = 0, startedAt }: SpanFigure): Markdown {
  if (seconds === undefined) return md`${startedAt ? 'unknown' : 'does not apply'}: ${because}`;
  const people = peopleSeconds > 0 ? md`, of it ${durationText(peopleSeconds)} waiting for people` : nothing;
  return md`${atLeast ? 'at least ' : ''}${durationText(seconds)}${people}${atLeast ? md` (${because})` : nothing}`;
}

function objective(name: string, { result, objectiveSeconds }: ObjectiveFigure): Markdown {
  if (objectiveSeconds === undefined || result === 'not-applicable') return md`${name}: ${result}`;
  return md`${name} of ${durationText(objectiveSeconds)}: **${result}**`;
}

function loss({ dataLoss: { status, because, seconds } }: Report): Markdown {
  if (status === 'lost') return md`**${durationText(seconds ?? 0)}**: ${because}`;
  return md`**${status.replaceAll('-', ' ')}**: ${because}`;
}

function timeParts({ time }: Report): Markdown {
  const parts: [number, string][] = [
    [time.machineSeconds, 'machines'],
    [time.peopleSeconds, 'people'],
    [time.clockSeconds, 'windows and TTLs'],
    [time.orchestratorSeconds, 'the orchestrator'],
  ];
  return join(
    parts.map(([seconds, whose]) => md`${durationText(seconds)} ${whose}`),
    ', ',
  );
}

function estimate({ estimate: { estimateSeconds, actualSeconds } }: Report): Markdown {
  if (estimateSeconds === undefined)
    return md`
none
    `;
  const actual = actualSeconds === undefined ? 'not known yet' : durationText(actualSeconds);
  return md`${durationText(estimateSeconds)} without waiting; it was ${actual}`;
}
