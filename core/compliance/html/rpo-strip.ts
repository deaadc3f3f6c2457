import { durationText } from '../../report/markdown/duration-text';
import { element, type Content } from '../../report/html/elements';
import type { RpoFigure, RpoSlice } from '../compliance-report';
import { shortInstant } from '../words';

const WIDTH = 1000;
const HEIGHT = 64;
const HEAD = 12;
const FOOT = 18;
/** A breach of a minute in a quarter must be seen as well. */
const LEAST_MARK = 2;
/** And so must a second beyond the objective in a day. */
const LEAST_PART = 3;

/**
 * A bar a slice of the period, from below: within the objective, beyond it, not known. Marks above are the breaches. What is beyond
 * is crossed and what is not known is dotted, so that it is read without colours as well.
 */
export function rpoStrip(rpo: RpoFigure, group: string): Content {
  const [start, end] = [Date.parse(rpo.from), Date.parse(rpo.to)];
  const x = (instant: string): number =>
    Math.min(WIDTH, Math.max(0, ((Date.parse(instant) - start) / (end - start)) * WIDTH));
  const marks = rpo.breaches.map(({ since, until = rpo.to, seconds, kind }) => {
    const from = x(since);
    const what = kind === 'lag' ? 'beyond the RPO' : 'nothing replicated';
    return element(
      'rect',
      { class: 'breach', x: from, y: 0, width: Math.max(LEAST_MARK, x(until) - from), height: 8 },
      element('title', {}, `${shortInstant(since)} UTC: ${what} for ${durationText(seconds)}`),
    );
  });
  return element(
    'figure',
    { class: 'picture strip' },
    element(
      'svg',
      {
        viewBox: `0 0 ${WIDTH} ${HEAD + HEIGHT + FOOT}`,
        role: 'img',
        'aria-label': `Lag of ${group} against its RPO over time`,
      },
      ...rpo.slices.map((slice) => drawSlice(slice, x)),
      ...marks,
      ...dates(rpo).map((at) => element('text', { class: 'when', x: x(at), y: HEAD + HEIGHT + 14 }, at.slice(0, 10))),
    ),
    element(
      'figcaption',
      {},
      ...(['within', 'beyond', 'unknown'] as const).map((look) =>
        element('span', { class: 'key' }, swatch(look), meanings[look]),
      ),
      element('span', { class: 'key' }, swatch('breach'), 'a breach'),
    ),
  );
}

const meanings = { within: 'within the RPO', beyond: 'beyond it', unknown: 'not known' } as const;

function drawSlice(slice: RpoSlice, x: (instant: string) => number): Content {
  const { from, to, withinSeconds, beyondSeconds, unknownSeconds, worstLagSeconds } = slice;
  const total = withinSeconds + beyondSeconds + unknownSeconds;
  const left = x(from);
  const width = Math.max(0.5, x(to) - left - 1);
  const tall = (seconds: number): number =>
    seconds === 0 || total === 0 ? 0 : Math.max(LEAST_PART, (seconds / total) * HEIGHT);
  const [beyond, unknown] = [tall(beyondSeconds), tall(unknownSeconds)];
  const within = Math.max(0, HEIGHT - beyond - unknown);
  const part = (look: string, y: number, height: number): Content =>
    height === 0 ? null : element('rect', { class: look, x: left, y: HEAD + y, width, height });
  const worst = worstLagSeconds === undefined ? '' : `; worst lag ${durationText(worstLagSeconds)}`;
  const words = [
    ...(withinSeconds > 0 ? [`${durationText(withinSeconds)} within`] : []),
    ...(beyondSeconds > 0 ? [`${durationText(beyondSeconds)} beyond`] : []),
    ...(unknownSeconds > 0 ? [`${durationText(unknownSeconds)} not known`] : []),
  ];
  return element(
    'g',
    {},
    element('title', {}, `${shortInstant(from)} UTC: ${words.join(', ')}${worst}`),
    part('unknown', 0, unknown),
    part('beyond', unknown, beyond),
    part('within', unknown + beyond, within),
  );
}

const MOST_DATES = 7;

/** Some slices to say when they were, evenly. */
function dates({ slices }: RpoFigure): readonly string[] {
  const every = Math.max(1, Math.ceil(slices.length / MOST_DATES));
  return slices.filter((_, index) => index % every === 0).map(({ from }) => from);
}

const swatch = (look: string): Content =>
  element(
    'svg',
    { width: 22, height: 12, 'aria-hidden': 'true' },
    element('rect', { class: look, x: 1, y: 1, width: 20, height: 10 }),
  );

const pattern = (id: string, ...content: readonly Content[]): Content =>
  element(
    'pattern',
    { id, width: 6, height: 6, patternUnits: 'userSpaceOnUse' },
    element('rect', { class: 'ground', width: 6, height: 6 }),
    ...content,
  );

/** Once a page, for all pictures of it. */
export const stripPatterns = element(
  'svg',
  { class: 'patterns', width: 0, height: 0, 'aria-hidden': 'true' },
  element(
    'defs',
    {},
    pattern('beyond', element('path', { d: 'M0 0l6 6M0 6l6-6' })),
    pattern('unknown', element('circle', { cx: 3, cy: 3, r: 1.2 })),
  ),
);

export const stripStyle = `
.patterns{position:absolute}h3{font-size:15px;margin:22px 0 6px}
.strip .within{fill:var(--work)}.strip .beyond{fill:url(#beyond);stroke:var(--failed)}.strip .unknown{fill:url(#unknown);stroke:var(--clock)}.strip .breach{fill:var(--failed)}
.strip .when{fill:var(--soft);font-size:11px}
#beyond .ground{fill:var(--failed-ground)}#beyond path{stroke:var(--failed);stroke-width:1.2}#unknown .ground{fill:var(--clock-ground)}#unknown circle{fill:var(--clock)}
`;
