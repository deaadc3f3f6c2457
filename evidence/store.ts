/** Where evidence is kept: a folder, or a bucket. Keys are paths with "/": "shop/entries/00000012.json". */
export interface EvidenceStore {
  /**
   * Keeps the text under the key, whole or not at all, also when this process is killed meanwhile. False: there is something under
   * the key already, which stays as it is.
   */
  putIfAbsent(key: string, text: string): Promise<boolean>;
  /** Undefined: there is nothing under the key. */
  get(key: string): Promise<string | undefined>;
  /** Keys that begin with the prefix, which ends with "/", in no order; half-written ones are none. */
  list(prefix: string): Promise<readonly string[]>;
  /** Names of the groups of which there is any evidence, in no order. */
  groups(): Promise<readonly string[]>;
}

const DIGITS = 8;

export const entriesPrefix = (group: string): string => `${group}/entries/`;

export const entryKey = (group: string, sequence: number): string =>
  `${entriesPrefix(group)}${String(sequence).padStart(DIGITS, '0')}.json`;

export const bodyKey = (group: string, hash: string): string => `${group}/bodies/${hash}.json`;

/** Undefined: the key is none of an entry of the group. An entry has one key only, so that none can stand beside it. */
export function sequenceOf(group: string, key: string): number | undefined {
  const [, digits] = /\/(\d{8,15})\.json$/.exec(key) ?? [];
  const sequence = Number(digits);
  return digits !== undefined && sequence > 0 && entryKey(group, sequence) === key ? sequence : undefined;
}
