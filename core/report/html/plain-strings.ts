/** Characters that hide or reorder text, and controls other than line feed and tab. */
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * The same value with every text of it made harmless to look at: people and programs wrote them. Escaping is done where text is
 * rendered; this is about what escaping lets through. Keys stay as they are.
 */
export function withPlainStrings<Value>(value: Value): Value {
  return plain(value) as Value;
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(UNPRINTABLE, '').replace(/\p{Cs}/gu, '\uFFFD');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
