import { forbiddenAt } from './forbidden-characters';

const LONGEST_SHOWN = 60;

/** Text of a user in quotes, short, on one line, and harmless on a terminal. */
export function quote(text: string): string {
  const short = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
  let safe = '';
  for (let index = 0; index < short.length; index += 1) {
    safe += forbiddenAt(short, index) ? codePoint(short.charCodeAt(index)) : short.charAt(index);
  }
  return JSON.stringify(safe);
}

/** Any value of a runbook, for a message: what it is, or how it begins. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'a map';
}

/** "U+202E": the usual name of a character that is better not printed. */
export const codePoint = (code: number): string => `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
