import type { z } from 'zod';
import { show } from './quote';

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
};

/** `a list is needed here, not "ledger"; write ["ledger"]` */
export function wrongType(expected: string, value: unknown, example: string | undefined): string {
  const hint = example === undefined ? quoted(expected, value) : `; for example ${example}`;
  const found = value === null ? ', and nothing is there' : `, not ${show(value)}`;
  return `${typeNames[expected] ?? expected} is needed here${found}${listed(expected, value) ?? hint}`;
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

const listed = (expected: string, value: unknown): string | undefined =>
  expected === 'array' && isScalar(value) ? `; write [${show(value)}]` : undefined;

const quoted = (expected: string, value: unknown): string =>
  expected === 'string' && isScalar(value) ? `; put it in quotes: "${String(value)}"` : '';

/** `70000 is too large; at most 65535` */
export function wrongAmount(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall, value: unknown): string {
  const limit =
    issue.code === 'too_big' ? `too large; at most ${issue.maximum}` : `too small; at least ${issue.minimum}`;
  if (Array.isArray(value)) return `a list of ${value.length} is ${limit}`;
  if (typeof value === 'string') return `a text of ${value.length} characters is ${limit}`;
  return `${show(value)} is ${limit}`;
}
