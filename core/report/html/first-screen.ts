import { estimatedFrom } from '../../running/estimate-text';
import { durationText } from '../markdown/duration-text';
import type { ObjectiveFigure, Report, SpanFigure } from '../report';
import { absent, code, element, instant, list, sources, strong, type Content } from './elements';

const ATTENTION_SHOWN = 50;

/** What ran, how it ended, what needs a person, what it cost: answered before anybody scrolls. */
export const firstScreen = (report: Report): readonly Content[] => [
  headline(report),
  attention(report),
  element('div', { class: 'tiles' }, ...tiles(report)),
  shareOfTime(report),
];

/** Readable without colours: the sign says the same. */
const signs: Readonly<Record<Report['verdict'], { readonly sign: string; readonly tone: Tone }>> = {
  completed: { sign: '✓', tone: 'good' },
  'completed-with-issues': { sign: '!', tone: 'warn' },
  declined: { sign: '–', tone: 'warn' },
  expired: { sign: '–', tone: 'warn' },
  withdrawn: { sign: '–', tone: 'warn' },
  'rolled-back': { sign: '↩', tone: 'warn' },
  'rollback-incomplete': { sign: '✗', tone: 'bad' },
  aborted: { sign: '✗', tone: 'bad' },
  refused: { sign: '✗', tone: 'bad' },
  running: { sign: '…', tone: 'warn' },
};

type Tone = 'good' | 'bad' | 'warn';

function headline({ run, verdict, because, time }: Report): Content {
  const { sign, tone } = signs[verdict];
  const way = run.fromSite && run.toSite && run.fromSite !== run.toSite ? `, ${run.fromSite} → ${run.toSite}` : '';
  return element(
    'header',
    {},
    element(
      'h1',
      {},
      `${run.operation} of ${run.group}`,
      element('span', { class: `verdict ${tone}` }, `${sign} ${verdict.replaceAll('-', ' ')}`),
    ),
    element('p', {}, because),
    element(
      'p',
      { class: 'lead' },
      ...[run.mode ?? 'no plan', way, ' · ', ...whenIt({ run, time })],
      ...[' · asked for by ', run.requestedBy ?? 'unknown', run.reason ? `: ${run.reason}` : ''],
    ),
  );
}

function whenIt({ run, time }: Pick<Report, 'run' | 'time'>): readonly Content[] {
  if (!run.startedAt) return ['not started'];
  if (!run.finishedAt) return ['since ', instant(run.startedAt), ', so far until ', instant(run.asOf)];
  return [instant(run.startedAt), ' to ', instant(run.finishedAt), ` UTC (${durationText(time.totalSeconds)})`];
}

function attention({ needsAttention }: Report): Content {
  if (needsAttention.length === 0)
    return element(
      'div',
      { class: 'attention calm' },
      element('span', { class: 'good' }, '✓ '),
      'Nothing needs attention.',
    );
  const shown = needsAttention.slice(0, ATTENTION_SHOWN);
  const more = needsAttention.length - shown.length;
  const mild = needsAttention.every(({ kind }) => kind === 'warning');
  return element(
    'div',
    { class: mild ? 'attention mild' : 'attention' },
    element('strong', { class: mild ? 'warn' : 'bad' }, `Needs attention (${needsAttention.length})`),
    list([
      ...shown.map(({ kind, subject, what }) => [strong(kind.replaceAll('-', ' ')), ' ', code(subject), ': ', what]),
      ...(more > 0 ? [`and ${more} more, in the JSON of this report`] : []),
    ]),
  );
}

interface Tile {
  readonly name: string;
  readonly value: Content;
  readonly tone?: Tone;
  readonly says: readonly Content[];
  readonly from: readonly string[];
}

function tiles(report: Report): readonly Content[] {
  const { objectives, recoveryTime, interruption, dataLoss, estimate, legs = [] } = report;
  const all: readonly Tile[] = [
    {
      name: 'Recovery time (RTO)',
      value: spanValue(recoveryTime),
      ...toneOf(objectives.rto),
      says: [objectiveText('RTO', objectives.rto), spanText(recoveryTime)],
      from: [...new Set([...recoveryTime.from, ...objectives.rto.from])],
    },
    {
      name: 'Downtime',
      value: spanValue(interruption),
      says: [spanText(interruption) ?? 'from the first workload stopped to traffic seen at the new site'],
      from: interruption.from,
    },
    {
      name: 'Data loss (RPO)',
      value: dataLoss.status === 'lost' ? durationText(dataLoss.seconds ?? 0) : dataLoss.status.replaceAll('-', ' '),
      ...(dataLoss.status !== 'not-applicable' && toneOf(objectives.rpo)),
      says: [
        objectiveText('RPO', objectives.rpo),
        dataLoss.because,
        ...dataLoss.volumes.map(({ volume, point, what }) => [code(volume), ` from `, code(point), `: ${what}`]),
      ],
      from: [...new Set([...dataLoss.from, ...objectives.rpo.from])],
    },
    ...legs.map((leg): Tile => ({
      name: `Rehearsed: ${leg.operation} at ${leg.site}`,
      value: leg.seconds === undefined ? absent : durationText(leg.seconds),
      ...(leg.withinRto !== undefined && { tone: leg.withinRto ? 'good' : 'bad' }),
      says: [leg.what],
      from: leg.from,
    })),
    {
      name: 'Estimate',
      value: estimate.actualSeconds === undefined ? absent : durationText(estimate.actualSeconds),
      says: [estimateText(estimate), 'without waits for people and windows'],
      from: estimate.from,
    },
  ];
  return all.map(({ name, value, tone, says, from }) =>
    element(
      'div',
      { class: 'tile' },
      element('h3', {}, name),
      element('p', { class: tone === undefined ? 'value' : `value ${tone}` }, value),
      ...says.filter(Boolean).map((line) => element('p', {}, line)),
      sources(from),
    ),
  );
}

const toneOf = ({ result }: ObjectiveFigure): Pick<Tile, 'tone'> =>
  result === 'met' ? { tone: 'good' } : result === 'missed' ? { tone: 'bad' } : {};

const spanValue = ({ seconds, atLeast, startedAt }: SpanFigure): string => {
  if (seconds === undefined) return startedAt ? 'unknown' : absent;
  return `${atLeast ? 'at least ' : ''}${durationText(seconds)}`;
};

function spanText({ seconds, because, peopleSeconds = 0, atLeast }: SpanFigure): string | undefined {
  if (seconds === undefined || atLeast) return because;
  return peopleSeconds > 0 ? `of it ${durationText(peopleSeconds)} waiting for people` : undefined;
}

function objectiveText(name: string, { result, objectiveSeconds }: ObjectiveFigure): string {
  const sign = result === 'met' ? '✓ ' : result === 'missed' ? '✗ ' : '';
  if (objectiveSeconds === undefined || result === 'not-applicable') return `${name}: ${result.replaceAll('-', ' ')}`;
  return `${sign}${name} of ${durationText(objectiveSeconds)}: ${result}`;
}

function estimateText({ estimateSeconds, actualSeconds, ...from }: Report['estimate']): string {
  if (estimateSeconds === undefined) return 'there was none';
  const said = `estimated ${durationText(estimateSeconds)} (${estimatedFrom(from)})`;
  return actualSeconds === undefined ? `${said}; not all of the plan was run` : said;
}

/** Machine time apart from people's time. */
function shareOfTime({ time }: Report): Content {
  const parts = [
    { look: 'work', seconds: time.machineSeconds, whose: 'machines' },
    { look: 'people', seconds: time.peopleSeconds, whose: 'people' },
    { look: 'clock', seconds: time.clockSeconds, whose: 'windows and TTLs' },
    { look: 'own', seconds: time.orchestratorSeconds, whose: 'the orchestrator' },
  ].filter(({ seconds }) => seconds > 0);
  if (parts.length === 0 || time.totalSeconds <= 0) return null;
  let x = 0;
  const bars = parts.map(({ look, seconds, whose }) => {
    const width = (seconds / time.totalSeconds) * 1000;
    const bar = element(
      'rect',
      { class: look, x, y: 1, width, height: 16 },
      element('title', {}, `${whose}: ${durationText(seconds)}`),
    );
    x += width;
    return bar;
  });
  const words = parts.map(({ seconds, whose }) => `${durationText(seconds)} ${whose}`).join(', ');
  return element(
    'div',
    {},
    element(
      'svg',
      { class: 'share', viewBox: '0 0 1000 18', preserveAspectRatio: 'none', role: 'img', 'aria-label': words },
      ...bars,
    ),
    element('p', { class: 'lead' }, `Time: ${words}`),
    sources(time.from),
  );
}
