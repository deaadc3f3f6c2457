/** Variables of this worker that runbooks name, whatever their names are like: passwords, signing keys, addresses with a token. */
const declared = new Set<string>();

/** How a runbook names them. */
const naming = new Set(['passwordFrom', 'secretFrom', 'urlFrom']);

/** Keeps what a runbook, or a part of one, names in this way. */
export function declareSecrets(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    if (naming.has(key) && typeof part === 'string') declared.add(part);
    else declareSecrets(part);
  }
}

export const declaredSecrets = (): readonly string[] => [...declared];

/** Tokens are renewed: those of before are of no use to anybody after so many. */
const MOST_KEPT = 100;
const kept = new Set<string>();

/** Keeps what a driver authenticates with, however it was given: from then on it is blanked out of whatever is told. */
export function keepSecret(value: unknown): void {
  if (typeof value !== 'string' && !Buffer.isBuffer(value)) return;
  const text = value.toString().trim();
  kept.delete(text);
  kept.add(text);
  const [oldest] = kept;
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
}

const settings: Record<string, string> = {};

/** Keeps for good what this worker is told elsewhere than in its environment: like variables, those with telling names are secrets. */
export const keepSettings = (named: Readonly<Record<string, string>>): void => void Object.assign(settings, named);

/** The environment of the worker, with what it and its drivers have read elsewhere in the place of variables. */
export const withKept = (environment: Readonly<Record<string, string | undefined>>) => ({
  ...environment,
  ...settings,
  ...Object.fromEntries([...kept].map((value, index) => [`SECRET ${index}`, value])),
});
