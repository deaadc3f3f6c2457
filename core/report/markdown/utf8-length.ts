/** Bytes of the text in UTF-8; a lone surrogate counts as the replacement character that takes its place. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

const ellipsis = '…';

/** The pieces in a row, or as many of them as fit together with "…"; never part of a piece. */
export function cutToBytes(pieces: readonly string[], maxBytes: number): string {
  const room = maxBytes - utf8Length(ellipsis);
  let used = 0;
  let kept = 0;
  for (const [index, piece] of pieces.entries()) {
    used += utf8Length(piece);
    if (used <= room) kept = index + 1;
    else if (used > maxBytes) return room < 0 ? '' : pieces.slice(0, kept).join('').trimEnd() + ellipsis;
  }
  return pieces.join('');
}
