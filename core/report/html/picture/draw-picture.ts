import { durationText } from '../../markdown/duration-text';
import { clockText } from './clock-text';
import { element, type Content } from '../elements';
import type { Bar, Look, Picture, PictureGroup, PictureRow } from './picture-rows';
import { timeAxis, type TimeAxis } from './time-axis';

const LABELS = 340;
const CHART = 620;
/** Room for the marks behind the last bar. */
const MARGIN = 48;
const WIDTH = LABELS + CHART + MARGIN;
const ROW = 20;
const GROUP = 28;
const HEAD = 34;
/** An event without length must be seen as well, in pixels. */
const LEAST_BAR = 2;
const LONGEST_LABEL = 44;

/** What each look means; all differ in pattern or outline as well as in colour. */
const meanings: readonly (readonly [Look, string])[] = [
  ['work', 'work'],
  ['own', 'the orchestrator: handing over and recording'],
  ['people', 'waiting for a person'],
  ['clock', 'waiting for a window or a TTL'],
  ['failed', 'a try that failed'],
  ['undo', 'undone'],
  ['running', 'without an end yet'],
];

/** The timeline as a picture: a row a step, under the group that it belongs to. The tables below it say the same in words. */
export function drawPicture(picture: Picture, label: string): Content {
  const axis = timeAxis(picture.span, picture.waits, CHART);
  const placed = placeRows(picture.groups);
  const height = placed.height + 8;
  const looks = new Set(picture.groups.flatMap(({ rows }) => rows.flatMap(({ bars }) => bars.map(({ look }) => look))));
  const wholes = picture.groups.some(({ rows }) => rows.length === 0);
  return element(
    'figure',
    { class: 'picture' },
    element(
      'svg',
      { viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', 'aria-label': label },
      patterns,
      element('g', { transform: `translate(${LABELS} 0)` }, ...grid(axis, height)),
      ...placed.groups.map(({ group, y }) => drawGroup(group, y, axis)),
      ...placed.rows.map(({ row, y }) => drawRow(row, y, axis)),
    ),
    element(
      'figcaption',
      {},
      ...meanings
        .filter(([look]) => looks.has(look))
        .map(([look, meaning]) => element('span', { class: 'key' }, swatch(look), meaning)),
      wholes ? null : element('span', { class: 'key' }, swatch('work', true), 'outlined: on the critical path'),
      axis.folds.length > 0 ? element('span', { class: 'key' }, '≈ shortened: nothing but a wait') : null,
      wholes ? element('span', { class: 'key' }, 'a row stands for a whole group: the steps are in the JSON') : null,
    ),
  );
}

interface Placed {
  readonly groups: readonly { readonly group: PictureGroup; readonly y: number }[];
  readonly rows: readonly { readonly row: PictureRow; readonly y: number }[];
  readonly height: number;
}

function placeRows(groups: readonly PictureGroup[]): Placed {
  const placed: { readonly group: PictureGroup; readonly y: number }[] = [];
  const rows: { readonly row: PictureRow; readonly y: number }[] = [];
  let y = HEAD;
  for (const group of groups) {
    placed.push({ group, y });
    y += GROUP;
    for (const row of group.rows) {
      rows.push({ row, y });
      y += ROW;
    }
  }
  return { groups: placed, rows, height: y };
}

const grid = (axis: TimeAxis, height: number): readonly Content[] => [
  ...axis.folds.map(({ x, width, seconds }) =>
    element(
      'g',
      { class: 'fold' },
      element('rect', { x, y: HEAD - 8, width, height: height - HEAD + 8 }),
      text(`≈ ${durationText(seconds)}`, { x: x + width / 2, y: 12, 'text-anchor': 'middle' }),
    ),
  ),
  ...axis.ticks.map(({ x, seconds }) =>
    element(
      'g',
      { class: 'tick' },
      element('line', { x1: x, x2: x, y1: HEAD - 8, y2: height }),
      text(clockText(seconds), { x, y: HEAD - 12, 'text-anchor': 'middle' }),
    ),
  ),
];

function drawGroup({ title, whole }: PictureGroup, y: number, axis: TimeAxis): Content {
  const [from, to] = [axis.x(whole.start), axis.x(whole.end)];
  const seconds = (whole.end - whole.start) / 1000;
  return element(
    'g',
    { class: 'group' },
    labelled(title, 0, y + 19),
    element(
      'rect',
      { x: LABELS + from, y: y + 12, width: Math.max(LEAST_BAR, to - from), height: 5 },
      element('title', {}, `${title}: ${durationText(seconds)}`),
    ),
  );
}

function drawRow(row: PictureRow, y: number, axis: TimeAxis): Content {
  const last = row.bars.at(-1);
  const end = LABELS + axis.x(last?.end ?? 0);
  const marks = `${row.status === 'failed' || row.status === 'not-run' ? ' ✗' : ''}${row.attempts === undefined ? '' : ` ×${row.attempts}`}`;
  const begin = LABELS + axis.x(row.bars[0]?.start ?? 0);
  return element(
    'g',
    { class: row.critical ? 'row critical' : 'row' },
    labelled(row.label, 12, y + 14),
    ...row.bars.map((bar) => drawBar(bar, y, axis)),
    row.critical
      ? element('rect', { class: 'outline', x: begin, y: y + 4, width: Math.max(LEAST_BAR, end - begin), height: 12 })
      : null,
    marks === '' ? null : text(marks, { x: end + 2, y: y + 14, class: 'mark' }),
  );
}

const drawBar = ({ look, start, end }: Bar, y: number, axis: TimeAxis): Content => {
  const x = axis.x(start);
  return element(
    'rect',
    {
      class: look,
      x: LABELS + x,
      y: y + 4,
      width: Math.max(look === 'own' ? 0 : LEAST_BAR, axis.x(end) - x),
      height: 12,
    },
    element(
      'title',
      {},
      `${meanings.find(([one]) => one === look)?.[1] ?? look}: ${durationText((end - start) / 1000)}`,
    ),
  );
};

const labelled = (label: string, x: number, y: number): Content =>
  element(
    'text',
    { x, y },
    label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1)}…` : label,
    element('title', {}, label),
  );

const text = (content: string, attributes: Readonly<Record<string, string | number>>): Content =>
  element('text', attributes, content);

const swatch = (look: Look, critical = false): Content =>
  element(
    'svg',
    { width: 22, height: 12, 'aria-hidden': 'true' },
    element('rect', { class: look, x: 1, y: 1, width: 20, height: 10 }),
    critical ? element('rect', { class: 'outline', x: 1, y: 1, width: 20, height: 10 }) : null,
  );

const pattern = (id: string, size: number, ...content: readonly Content[]): Content =>
  element('pattern', { id, width: size, height: size, patternUnits: 'userSpaceOnUse' }, ...content);

const patterns = element(
  'defs',
  {},
  pattern(
    'people',
    6,
    element('rect', { class: 'ground', width: 6, height: 6 }),
    element('path', { d: 'M-1 1l2-2M0 6l6-6M5 7l2-2' }),
  ),
  pattern(
    'clock',
    6,
    element('rect', { class: 'ground', width: 6, height: 6 }),
    element('circle', { cx: 3, cy: 3, r: 1.2 }),
  ),
  pattern(
    'failed',
    6,
    element('rect', { class: 'ground', width: 6, height: 6 }),
    element('path', { d: 'M0 0l6 6M0 6l6-6' }),
  ),
  pattern('running', 8, element('rect', { class: 'ground', width: 8, height: 8 }), element('path', { d: 'M0 4h5' })),
);
