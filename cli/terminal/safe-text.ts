import { stripVTControlCharacters } from 'node:util';

/** Control characters but tab and line feed, line separators, marks that change the direction of text, byte order marks. */
const UNPRINTABLE = /(?![\t\n])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/gu;

/**
 * What people wrote (reasons, comments, names, log tails) may hold escape sequences that would move the cursor, forge lines
 * or change the title of the window. Line feeds and tabs stay.
 */
export const safeText = (text: string): string =>
  stripVTControlCharacters(text).replace(/\r\n?/g, '\n').replace(UNPRINTABLE, '');

/** The same for places that have one line: what follows a line feed stays on it. */
export const oneLine = (text: string): string => safeText(text).replace(/\s*[\n\t]\s*/g, ' ');

/** JSON for programs that is also safe when it reaches a terminal: JSON.stringify leaves DEL, C1 and bidi marks as they are. */
export const safeJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, undefined, indent).replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
