import { estimatedFrom } from '../../running/estimate-text';
import type { ObjectiveFigure, Report, SpanFigure } from '../report';
import { durationText } from './duration-text';
import { blocks, code, join, list, safe, nothing, table, type Markdown } from './markdown';

const ATTENTION_SHOWN = 50;

export function headline({ run, verdict }: Report): Markdown {
  return safe`${run.operation} of ${run.group}: ${verdict}`;
}

/** Stands above everything else. */
export function attentionList({ needsAttention }: Report): Markdown {
  if (needsAttention.length === 0) return safe`Nothing needs attention.`;
  const shown = needsAttention.slice(0, ATTENTION_SHOWN);
  const more = needsAttention.length - shown.length;
  return blocks([
    safe`**Needs attention (${needsAttention.length}):**`,
    list(shown.map(({ kind, subject, what }) => safe`**${kind.replaceAll('-', ' ')}** ${code(subject)}: ${what}`)),
    more > 0 ? safe`and ${more} more, in the JSON of this report.` : nothing,
  ]);
}

/** One row a question that is asked first. */
export function summaryTable(report: Report): Markdown {
  const { run, objectives, dataLoss, legs = [] } = report;
  const rows: [string, Markdown][] = [
    ['What ran', whatRan(report)],
    ['Verdict', safe`**${report.verdict}**: ${report.because}`],
    ['When', when(report)],
    ['Asked for by', join([safe`${run.requestedBy ?? 'unknown'}`, ...(run.reason ? [safe`${run.reason}`] : [])], ': ')],
    ['Recovery time', safe`${span(report.recoveryTime)}; ${objective('RTO', objectives.rto)}`],
    ...legs.map(({ what }): [string, Markdown] => ['Rehearsed', safe`${what}`]),
    ['Service interruption', span(report.interruption)],
    ['Data loss', safe`${loss(report)}; ${objective('RPO', objectives.rpo)}`],
    ['Time', timeParts(report)],
    ['Estimate', estimate(report)],
    ['Commit point', report.committedAt ? safe`passed ${report.committedAt}` : safe`not passed`],
  ];
  const volumes = dataLoss.volumes.map(({ volume, point, what }): [string, Markdown] => [
    'Lost',
    safe`${code(volume)} from recovery point ${code(point)}: ${what}`,
  ]);
  rows.splice(7 + legs.length, 0, ...volumes);
  rows.splice(2, 0, ...attestation(report));
  return table(
    ['Question', 'Answer'],
    rows.map(([question, answer]) => [safe`${question}`, answer]),
  );
}

function attestation({ attestation: figure }: Report): [string, Markdown][] {
  if (!figure) return [];
  const { said, state, workflowId } = figure;
  if (said) return [['Attested as', safe`**${said.verdict}** by ${said.by}`]];
  const where = code(workflowId);
  const what =
    state === 'asked'
      ? safe`by nobody yet: ${where} waits; what is said there is kept beside this report`
      : safe`${where} cannot be asked any more; what was said there was kept beside this report`;
  return [['Attested', what]];
}

function whatRan({ run }: Report): Markdown {
  const mode = run.mode ? safe`, ${run.mode}` : nothing;
  const way = run.fromSite && run.toSite && run.fromSite !== run.toSite;
  const sites = way ? safe`, ${code(run.fromSite)} → ${code(run.toSite)}` : nothing;
  return safe`${run.operation} of ${code(run.group)}${mode}${sites}`;
}

function when({ run, time }: Report): Markdown {
  if (!run.startedAt) return safe`not started`;
  if (run.finishedAt) return safe`${run.startedAt} to ${run.finishedAt} (${durationText(time.totalSeconds)})`;
  return safe`since ${run.startedAt}; these figures are as of ${run.asOf ?? run.startedAt}`;
}

function span({ seconds, atLeast, because, peopleSeconds = 0, startedAt }: SpanFigure): Markdown {
  if (seconds === undefined) return safe`${startedAt ? 'unknown' : 'does not apply'}: ${because}`;
  const people = peopleSeconds > 0 ? safe`, of it ${durationText(peopleSeconds)} waiting for people` : nothing;
  return safe`${atLeast ? safe`at least ` : nothing}${durationText(seconds)}${people}${atLeast ? safe` (${because})` : nothing}`;
}

function objective(name: string, { result, objectiveSeconds }: ObjectiveFigure): Markdown {
  if (objectiveSeconds === undefined || result === 'not-applicable') return safe`${name}: ${result}`;
  return safe`${name} of ${durationText(objectiveSeconds)}: **${result}**`;
}

function loss({ dataLoss: { status, because, seconds } }: Report): Markdown {
  if (status === 'lost') return safe`**${durationText(seconds ?? 0)}**: ${because}`;
  return safe`**${status.replaceAll('-', ' ')}**: ${because}`;
}

function timeParts({ time }: Report): Markdown {
  const parts: [number, string][] = [
    [time.machineSeconds, 'machines'],
    [time.peopleSeconds, 'people'],
    [time.clockSeconds, 'windows and TTLs'],
    [time.orchestratorSeconds, 'the orchestrator'],
  ];
  return join(
    parts.filter(([seconds]) => seconds > 0).map(([seconds, whose]) => safe`${durationText(seconds)} ${whose}`),
    ', ',
  );
}

function estimate({ estimate: { estimateSeconds, actualSeconds, ...from } }: Report): Markdown {
  if (estimateSeconds === undefined) return safe`none`;
  const actual = actualSeconds === undefined ? 'not all of the plan was run' : `it was ${durationText(actualSeconds)}`;
  return safe`${durationText(estimateSeconds)} (${estimatedFrom(from)}), without waits for people and windows; ${actual}`;
}
