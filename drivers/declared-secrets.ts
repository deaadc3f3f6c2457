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
