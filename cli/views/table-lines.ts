import { span, type Line, type Span } from '../terminal/line';

/** Rows below their headings, each column as wide as its widest cell; the last one ends where it ends. */
export function tableLines(headings: readonly string[], rows: readonly (readonly Span[])[]): Line[] {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.text.length ?? 0)),
  );
  const last = headings.length - 1;
  const padded = (row: readonly Span[]): Line =>
    row.map(({ text, ...look }, column) => ({
      ...look,
      text: column === last ? text : text.padEnd((widths[column] ?? 0) + 2),
    }));
  return [padded(headings.map((heading) => span(heading, 'dim'))), ...rows.map(padded)];
}
