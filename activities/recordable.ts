import { blankSecrets, maskCredentials } from '../core/model/credentials';
import { declaredSecrets, withKept } from '../drivers/declared-secrets';

/**
 * A text as it may be recorded: whatever a driver, a program or a server said, no history, log or report holds a secret that this
 * worker knows, nor what looks like a credential.
 */
export const recordableText = (text: string): string =>
  maskCredentials(blankSecrets(text, withKept(process.env), declaredSecrets()));

/** Fields in which sentences are told, and words of others with them. */
const told = new Set(['summary', 'saw', 'fix', 'message', 'output', 'because', 'doing', 'how', 'inTheWay']);

/**
 * The same of a value of plain JSON. Of what is told in sentences all; elsewhere only what looks like a credential: the name of a
 * volume may well be the value of some variable of the worker, and a run could not go on without it.
 */
export const recordable = <Value>(value: Value): Value => masked(value, false) as Value;

function masked(value: unknown, sentence: boolean): unknown {
  if (typeof value === 'string') return sentence ? recordableText(value) : maskCredentials(value);
  if (Array.isArray(value)) return value.map((part) => masked(part, sentence));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, masked(part, told.has(key))]));
}
