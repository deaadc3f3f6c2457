import { oneLine } from './safe-text';
import type { Format, Style } from './style';

/** A piece of a line with its look. */
export interface Span {
  readonly text: string;
  readonly format?: Format;
}

/** One line of a view. Its texts may come from anywhere: `renderLine` makes them fit for a terminal. */
export type Line = readonly Span[];

export const span = (text: string, format?: Format): Span => (format === undefined ? { text } : { text, format });

/** The line cut to the width, with "…" in place of what does not fit. Without a width: all of it. */
export function renderLine(line: Line, style: Style, columns = Infinity): string {
  const safe = line.map(({ text, format }) => span(oneLine(text), format));
  const fits = safe.reduce((sum, { text }) => sum + text.length, 0) <= columns;
  let left = fits ? columns : columns - 1;
  let rendered = '';
  for (const { text, format } of safe) {
    const part = text.slice(0, Math.max(0, left));
    left -= part.length;
    rendered += format === undefined ? part : style(format, part);
  }
  return fits ? rendered.trimEnd() : `${rendered}…`;
}
