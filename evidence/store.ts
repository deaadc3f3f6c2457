/** Where evidence is kept: a folder, or a bucket. Keys are paths with "/": "shop/entries/00000012.json". */
export interface EvidenceStore {
  /**
   * Keeps the text under the key, whole or not at all, also when this process is killed meanwhile. False: there is something under
   * the key already, which stays as it is.
   */
  putIfAbsent(key: string, text: string): Promise<boolean>;
  /** Undefined: there is nothing under the key. */
  get(key: string): Promise<string | undefined>;
  /** Keys below the prefix, in no order; half-written ones are none. */
  list(prefix: string): Promise<readonly string[]>;
}

const DIGITS = 8;

export const entriesPrefix = (group: string): string => `${group}/entries/`;

export const entryKey = (group: string, sequence: number): string =>
  `${entriesPrefix(group)}${String(sequence).padStart(DIGITS, '0')}.json`;

export const bodyKey = (group: string, hash: string): string => `${group}/bodies/${hash}.json`;

/** Undefined: the key is none of an entry. */
export function sequenceOf(key: string): number | undefined {
  const [, digits] = /\/entries\/(\d{8,})\.json$/.exec(key) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
