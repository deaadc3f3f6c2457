interface ConnectionOptions {
  readonly apiKey?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/**
 * What a connection shows to the server, which may repeat it in an error, by names like those of variables: of the metadata those
 * with telling names are secrets.
 */
export function shownToServer({ apiKey, metadata = {} }: ConnectionOptions): Readonly<Record<string, string>> {
  const { authorization, ...others } = metadata;
  const token = typeof authorization === 'string' ? authorization.replace(/^\w+ /, '') : undefined;
  const shown = { ...others, 'authorization token': token, 'api key': apiKey };
  return Object.fromEntries(
    Object.entries(shown).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
