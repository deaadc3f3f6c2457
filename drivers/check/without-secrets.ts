import { blankSecrets, maskCredentials } from '../../core/model/credentials';
import { declaredSecrets, withKept } from '../declared-secrets';
import type { CheckDriverOptions } from './probe-request';

/** Longest text that an observation carries into the history of a run. */
const longestSaw = 600;

/**
 * What was seen, in one line, with every known secret of the worker blanked out (an answer may repeat what it was asked with), and
 * what looks like a credential masked.
 */
export const withoutSecrets = (saw: string, options: Pick<CheckDriverOptions, 'environment'>): string =>
  shorten(oneLine(masked(saw, options)), longestSaw);

/** Before anything is cut off: what is left of a secret then is known by nobody. */
export const masked = (text: string, { environment }: Pick<CheckDriverOptions, 'environment'>): string =>
  maskCredentials(blankSecrets(text, withKept(environment), declaredSecrets()));

/** Control characters could rewrite the terminal of whoever reads the report. */
const oneLine = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trim();

export function shorten(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}...`;
}
