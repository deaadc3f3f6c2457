import { renderLine, type Line } from '../../../cli/terminal/line';
import { plainStyle } from '../../../cli/terminal/style';

/** A view as text without colours; with `columns` cut to that width. */
export const rendered = (lines: readonly Line[], columns?: number): string =>
  lines.map((line) => renderLine(line, plainStyle, columns)).join('\n');
