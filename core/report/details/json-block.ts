import type { JsonObject } from '../../model/json';
import { Markdown } from '../markdown/markdown';

/**
 * The object as one line of JSON in a fence, to be copied as it is. Characters that could end the fence, hide, reorder, or
 * be taken for a placeholder of the Web UI are written as JSON escapes: the same value to every parser.
 */
export function jsonBlock(payload: JsonObject): Markdown {
  const json = JSON.stringify(payload).replace(/"(?:[^"\\]|\\.)*"/g, (text) =>
    text.replace(/[`<>&{}~\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, inUnicodeEscapes),
  );
  return new Markdown(['```json', json, '```'].join('\n'));
}

const inUnicodeEscapes = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
