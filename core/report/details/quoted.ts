import { utf8Length } from '../markdown/utf8-length';
import { Markdown } from '../markdown/markdown';

/**
 * Instructions of a runbook as a quotation, in at most `maxBytes`. They are Markdown and stay so; but HTML, pictures and the
 * placeholders that the Web UI fills in mean nothing in it, and nothing in it can leave the quotation.
 */
export function quoted(instructions: string, maxBytes: number): Markdown {
  const plain = instructions
    .replace(/\p{Cf}/gu, '')
    .replace(/<(?!https?:\/\/)/g, '&lt;')
    .replace(/!\[/g, '!\\[')
    .replace(/[{}]/g, (brace) => (brace === '{' ? '&#123;' : '&#125;'));
  const lines = plain.split('\n').map((line) => `> ${line}`.trimEnd());
  const kept: string[] = [];
  let left = maxBytes - utf8Length(LONG);
  for (const line of lines) {
    left -= utf8Length(line) + 1;
    if (left < 0) return new Markdown([...kept, LONG].join('\n'));
    kept.push(line);
  }
  return new Markdown(kept.join('\n'));
}

const LONG = '> … (the query `status` gives the rest)';
