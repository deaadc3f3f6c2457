import type { CheckSpec } from '../../core/model/check';
import type { CheckDriverOptions } from './probe-request';

/** Longest text that an observation carries into the history of a run. */
const longestSaw = 600;

/** Variables of these names hold secrets, whoever reads them. */
const secretName = /PASS|SECRET|TOKEN|KEY|CREDENTIAL/i;

/** A shorter value would blank out half of every sentence, and is no secret either. */
const shortestSecret = 4;

/** What was seen, in one line, with every known secret of the worker blanked out: an answer may repeat what it was asked with. */
export function withoutSecrets(saw: string, { probe }: CheckSpec, { environment }: CheckDriverOptions): string {
  const named = probe.kind === 'sql' ? probe.passwordFrom : undefined;
  const secrets = Object.entries(environment)
    .filter(([name]) => name === named || secretName.test(name))
    .flatMap(([, value]) => (value !== undefined && value.length >= shortestSecret ? [value] : []))
    .sort((one, other) => other.length - one.length);
  const blanked = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), saw);
  return shorten(oneLine(blanked), longestSaw);
}

/** Control characters could rewrite the terminal of whoever reads the report. */
const oneLine = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trim();

export function shorten(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}...`;
}
