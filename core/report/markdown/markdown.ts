import { escapeMarkdown } from '../escape-markdown';

/** Text that is Markdown already. Only what this file and `safe` make is; every plain string is escaped on its way in. */
export class Markdown {
  constructor(readonly text: string) {}
}

const MAX_INLINE_BYTES = 600;

/** Template whose values are escaped unless they are Markdown: safe`**${operation}** of ${group}`. */
export function safe(template: TemplateStringsArray, ...values: readonly (Markdown | string | number)[]): Markdown {
  const parts = template.map((literal, index) => {
    const value = values[index];
    return literal + (value === undefined ? '' : inline(value));
  });
  return new Markdown(parts.join(''));
}

/** Escaped text of at most `maxBytes`. */
export const short = (text: string, maxBytes: number): Markdown => new Markdown(escapeMarkdown(text, maxBytes));

/** Ids and addresses in code style, where they read best; whatever could end a code span or hide in it is escaped text. */
export const code = (text: string, maxBytes = 200): Markdown =>
  /^[\w.:/@#+-]+$/.test(text) && text.length <= maxBytes ? new Markdown(`\`${text}\``) : short(text, maxBytes);

export const join = (parts: readonly Markdown[], separator: string): Markdown =>
  new Markdown(parts.map(({ text }) => text).join(separator));

export const nothing = new Markdown('');

/** Rows of cells; a table without rows is nothing. */
export function table(headings: readonly string[], rows: readonly (readonly Markdown[])[]): Markdown {
  if (rows.length === 0) return nothing;
  const line = (cells: readonly Markdown[]): string => `| ${join(cells, ' | ').text} |`;
  const head = line(headings.map((heading) => safe`${heading}`));
  return new Markdown([head, `|${' --- |'.repeat(headings.length)}`, ...rows.map(line)].join('\n'));
}

export const list = (items: readonly Markdown[]): Markdown =>
  join(
    items.map((item) => safe`- ${item}`),
    '\n',
  );

/** Parts with an empty line between them; empty parts are left out. */
export const blocks = (parts: readonly Markdown[]): Markdown =>
  join(
    parts.filter(({ text }) => text !== ''),
    '\n\n',
  );

/** A heading and what follows it; without content, nothing. */
export const section = (heading: string, ...content: readonly Markdown[]): Markdown => {
  const body = blocks(content);
  return body.text === '' ? nothing : blocks([safe`## ${heading}`, body]);
};

const inline = (value: Markdown | string | number): string => {
  if (value instanceof Markdown) return value.text;
  return typeof value === 'number' ? String(value) : escapeMarkdown(value, MAX_INLINE_BYTES);
};
