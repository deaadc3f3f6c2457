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

/** The line as several that fit the width, for what must be readable in full, such as a command to copy. */
export function wrapLine(line: Line, columns: number): Line[] {
  const lines: Span[][] = [[]];
  let room = columns;
  for (const { text, format } of line) {
    for (let rest = oneLine(text); rest !== '';) {
      if (room === 0) {
        lines.push([]);
        room = columns;
      }
      const part = rest.slice(0, room);
      lines.at(-1)?.push(span(part, format));
      rest = rest.slice(part.length);
      room -= part.length;
    }
  }
  return lines;
}
