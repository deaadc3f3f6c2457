import { encodedForms, inAddress } from './secret-forms';

/** What stands in the place of a credential. */
const MASK = '***';

/** Variables of these names hold secrets, whoever reads them. */
const secretVariable = /PASS|SECRET|TOKEN|KEY|CREDENTIAL/i;

/** A shorter value would blank out half of every sentence, and is no secret either. */
const SHORTEST_SECRET = 4;

/** The encoded form of a shorter value could be a part of anything. */
const SHORTEST_ENCODED = 8;

type Mask = readonly [form: RegExp, by: string];

/** Before a name, so that DB_PASSWORD, x-api-key and clientSecret are found as well. */
const secretKey = String.raw`[\w.-]{0,40}(?:passw(?:or)?d|passphrase|pwd|secret|token|credentials?|api[_-]?key|access[_-]?key|private[_-]?key|account[_-]?key)[\w.-]{0,40}`;

/** "CredentialsProviderError: Could not load" is the name of an error, and what follows is what it says. */
const notOfError = String.raw`(?![\w.-]{0,120}(?:error|exception): )`;

/** Repetitions are bounded, so that no output can make the search slow. In this order: what is a whole block or line first, so that no later form can cut it in two. */
const masks: readonly Mask[] = [
  [/-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?)-----[\s\S]*?(?:-----END \1-----|$)/g, MASK],
  // Only the end of a block is left of an output that was cut.
  [/^(?:[A-Za-z0-9+/=: ,.-]*\n)*?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g, MASK],
  [/\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)[^\r\n"']+/gi, `$1${MASK}`],
  [/\b((?:set-)?cookie["']?\s*:\s*["']?)[^\r\n"']+/gi, `$1${MASK}`],
  [/\b(bearer|basic|digest)\s+[A-Za-z0-9+/=._~-]{8,}/gi, `$1 ${MASK}`],
  // The name of a user alone is no credential, but nobody needs it to read what went wrong.
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#@"'<>]+(?::[^\s/?#"'<>]*)?@/gi, `$1${MASK}@`],
  [new RegExp(String.raw`(["']?\b${secretKey}["']?\s*[:=]\s*)"(?:[^"\\\n]|\\.)*"`, 'gi'), `$1"${MASK}"`],
  [new RegExp(String.raw`(["']?\b${secretKey}["']?\s*[:=]\s*)'(?:[^'\\\n]|\\.)*'`, 'gi'), `$1'${MASK}'`],
  [new RegExp(String.raw`(["']?\b${notOfError}${secretKey}["']?\s*[:=]\s*)(?!["'\s])[^\s"',;&]+`, 'gi'), `$1${MASK}`],
  // Whoever has a signed address may use it.
  [/([?&](?:[\w-]{0,20}-)?sig(?:nature)?=)[^\s"'<>&#]+/gi, `$1${MASK}`],
  [new RegExp(String.raw`(--?${secretKey}\s+)(?!-)\S+`, 'gi'), `$1${MASK}`],
  [/\b(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA|ANVA|ASCA)[A-Z0-9]{12,}\b/g, MASK],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)*/g, MASK],
  [/\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|sk-|sk_live_|rk_live_|AIza|npm_|hv[sb]\.)[\w-]{8,}/g, MASK],
];

/** The text with everything that looks like a credential masked. Masking it twice changes nothing more. */
export const maskCredentials = (text: string): string =>
  masks.reduce((masked, [form, by]) => masked.replace(form, by), text);

/**
 * The text with every known secret blanked out, as it is and as it is encoded: the values of the variables with telling names, and
 * of those that are named, and the password or query of an address that a variable holds.
 */
export function blankSecrets(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
  named: readonly string[] = [],
): string {
  const secrets = Object.entries(environment)
    .flatMap(([name, value = '']) => (named.includes(name) || secretVariable.test(name) ? [value] : inAddress(value)))
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .flatMap((secret) => (secret.length < SHORTEST_ENCODED ? [secret] : [secret, ...encodedForms(secret)]))
    .sort((one, other) => other.length - one.length);
  return [...new Set(secrets)].reduce((blanked, secret) => blanked.replaceAll(secret, MASK), text);
}
