/**
 * Ranges of UTF-16 codes that no runbook may hold: control characters except tab and line feed, the codes that change the
 * direction of text (an approval prompt must read as what it is), and what is not a character at all.
 */
const forbiddenRanges: readonly (readonly [number, number])[] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0x2028, 0x2029],
  [0x202a, 0x202e],
  [0x2066, 0x2069],
  [0xfeff, 0xfeff],
  [0xfffe, 0xffff],
];

/** Is the code at that index forbidden? A carriage return is not, when a line feed follows; nor is half of a pair. */
export function forbiddenAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  if (code < 0x7f && code > 0x1f) return false;
  if (code === 0x0d) return text.charCodeAt(index + 1) !== 0x0a;
  if (isHigh(code)) return !isLow(text.charCodeAt(index + 1));
  if (isLow(code)) return !isHigh(text.charCodeAt(index - 1));
  return forbiddenRanges.some(([from, to]) => code >= from && code <= to);
}

const isHigh = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

/** Indexes of the first forbidden characters, `limit` of them at most. */
export function forbiddenCharacters(text: string, limit: number): number[] {
  const found: number[] = [];
  for (let index = 0; index < text.length && found.length < limit; index += 1) {
    if (forbiddenAt(text, index)) found.push(index);
  }
  return found;
}
