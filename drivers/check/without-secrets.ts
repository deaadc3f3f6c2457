import type { CheckSpec } from '../../core/model/check';
import { blankSecrets, maskCredentials } from '../../core/model/credentials';
import type { CheckDriverOptions } from './probe-request';

/** Longest text that an observation carries into the history of a run. */
const longestSaw = 600;

/**
 * What was seen, in one line, with every known secret of the worker blanked out (an answer may repeat what it was asked with), and
 * what looks like a credential masked.
 */
export function withoutSecrets(saw: string, { probe }: CheckSpec, { environment }: CheckDriverOptions): string {
  const named = probe.kind === 'sql' ? probe.passwordFrom : undefined;
  const blanked = blankSecrets(saw, environment, named === undefined ? [] : [named]);
  return shorten(oneLine(maskCredentials(blanked)), longestSaw);
}

/** Control characters could rewrite the terminal of whoever reads the report. */
const oneLine = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trim();

export function shorten(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}...`;
}
