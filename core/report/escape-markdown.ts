import { cutToBytes } from './markdown/utf8-length';

/**
 * Text of people, programs and networks as one line of Markdown that shows this text and can be nothing else: no heading,
 * list, link, autolink, mention, code, table cell, HTML, or placeholder that the Web UI fills in (`{namespace}`).
 * Safe wherever inline text may stand, the beginning of a line included. At most `maxBytes` of UTF-8, and so at most that
 * many characters; what had to be cut ends with "…".
 */
export function escapeMarkdown(text: string, maxBytes: number): string {
  const line = oneLine(text, maxBytes);
  const start = /^(?:\d{1,9}[.)](?=\s|$)|[-+=]|:(?!\/\/))/.exec(line)?.[0] ?? '';
  const rest = line.slice(start.length).match(/www\.|:\/\/|\p{Any}/giu) ?? [];
  return cutToBytes([escapeStart(start), ...rest.map(escapeToken)], maxBytes);
}

/** Entities where a backslash would not do: table cells are split, and placeholders filled in, before escapes are read. */
const replacements: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '|': '&#124;',
  '`': '&#96;',
  '\\': '&#92;',
  '{': '&#123;',
  '}': '&#125;',
  '@': '&#64;',
  '://': '&#58;//',
  '[': '\\[',
  ']': '\\]',
  '*': '\\*',
  _: '\\_',
  '~': '\\~',
  '#': '\\#',
  $: '\\$',
};

/** "www." and "://" make links of what follows; a lone colon or dot stays readable in the source. */
const escapeToken = (token: string): string =>
  /^www\.$/i.test(token) ? `${token.slice(0, 3)}&#46;` : (replacements[token] ?? token);

/** Line breaks and other controls become spaces; characters that reorder or hide text go. */
function oneLine(text: string, maxBytes: number): string {
  return text
    .slice(0, maxBytes * 4)
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Cs}/gu, '\uFFFD')
    .replace(/[\s\p{Cc}\p{Z}]+/gu, ' ')
    .trim();
}

/** What means something only at the beginning of a line: "- ", "1. ", "===", ": ". */
const escapeStart = (start: string): string => (start === '' ? '' : `${start.slice(0, -1)}\\${start.slice(-1)}`);
