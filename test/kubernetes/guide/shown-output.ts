const amount = String.raw`\d+(?:\.\d+)? ?(?:ms|min|s|m|h)`;

/** Times of day before a line, lengths of time and the times in names of runs are other ones each time, and so are widths of columns. */
function steady(text: string): string {
  const same = text
    .replaceAll(/^\d\d:\d\d:\d\d /gm, '')
    .replaceAll(new RegExp(String.raw`\b${amount}(?: ?${amount})*\b`, 'g'), '<time>')
    .replaceAll(/\b\d{8}-\d{6}\b/g, '<run>')
    .trim()
    .replaceAll(/\s+/g, ' ');
  return same === '' ? ' ' : ` ${same} `;
}

/**
 * The first lines that a page shows and the output has not: undefined when it has all of them, in their order and with nothing
 * between them but where the page has a line "…". What is before the first and after the last is left to the page.
 */
export function notShown(output: string, shown: string): string | undefined {
  const said = steady(output);
  let from = 0;
  for (const lines of shown.split(/^…$/m)) {
    const wanted = steady(lines);
    const at = said.indexOf(wanted, from);
    if (at < 0) return lines.trim();
    from = at + wanted.length - 1;
  }
  return undefined;
}
