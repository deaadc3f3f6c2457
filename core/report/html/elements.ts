import { h, type ComponentChildren } from 'preact';

/** What may stand in an element: text, which is escaped where it is rendered, or elements. */
export type Content = ComponentChildren;

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An element of HTML or SVG. */
export const element = (name: string, attributes: Attributes, ...content: readonly Content[]): Content =>
  h(name, attributes, ...content);

/** Ids, digests and addresses. */
export const code = (text: string): Content =>
  element('code', { class: text.length > LONGEST_UNBROKEN ? 'long' : undefined }, text);

/** What is longer may be broken anywhere, so that a digest does not push the other columns out. */
const LONGEST_UNBROKEN = 48;

export const strong = (...content: readonly Content[]): Content => element('strong', {}, ...content);

/** What is missing in a cell. */
export const absent = '–';

/** The instant as it was recorded, in UTC; programs find it in `datetime`. */
export const instant = (iso: string | undefined): Content =>
  iso === undefined ? absent : element('time', { datetime: iso }, iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ''));

export interface Cell {
  readonly content: Content;
  /** Figures stand below each other. */
  readonly figure?: boolean;
}

const isCell = (cell: Content | Cell): cell is Cell => typeof cell === 'object' && cell !== null && 'content' in cell;

export const figure = (content: Content): Cell => ({ content, figure: true });

/** Rows of cells; a table without rows is nothing. */
export function table(headings: readonly string[], rows: readonly (readonly (Content | Cell)[])[]): Content {
  if (rows.length === 0) return null;
  const cells = (row: readonly (Content | Cell)[]) =>
    row.map((cell) =>
      isCell(cell)
        ? element('td', { class: cell.figure ? 'figure' : undefined }, cell.content)
        : element('td', {}, cell),
    );
  return element(
    'div',
    { class: 'wide' },
    element(
      'table',
      {},
      element(
        'thead',
        {},
        element('tr', {}, ...headings.map((heading, column) => headingOf(heading, rows[0]?.[column]))),
      ),
      element('tbody', {}, ...rows.map((row) => element('tr', {}, ...cells(row)))),
    ),
  );
}

const headingOf = (heading: string, below: Content | Cell): Content =>
  element('th', { scope: 'col', class: isCell(below) && below.figure ? 'figure' : undefined }, heading);

export const list = (items: readonly Content[], attributes: Attributes = {}): Content =>
  items.length === 0 ? null : element('ul', attributes, ...items.map((item) => element('li', {}, item)));

/** A heading and what follows it; without content, nothing. */
export function section(id: string, heading: string, ...content: readonly Content[]): Content {
  const there = content.filter((part) => part !== null && part !== undefined && part !== '' && part !== false);
  if (there.length === 0) return null;
  return element(
    'section',
    { id, 'aria-labelledby': `${id}-heading` },
    element('h2', { id: `${id}-heading` }, heading),
    ...there,
  );
}

/** What is opened by who wants to know more; printed in full. */
export const folded = (summary: Content, ...content: readonly Content[]): Content =>
  element('details', {}, element('summary', {}, summary), ...content);

/** From which events and fields of the plan a figure was computed. */
export function sources(from: readonly string[]): Content {
  const shown = from.slice(0, MOST_SOURCES);
  const more = from.length - shown.length;
  if (from.length === 0) return null;
  return folded(
    'computed from',
    list([...shown.map((source) => code(source)), ...(more > 0 ? [`and ${more} more`] : [])]),
  );
}

const MOST_SOURCES = 40;
