import { utf8Length } from '../markdown/utf8-length';

/** Temporal ends a run at once whose attribute takes more than 2,048 bytes as JSON. */
const ATTRIBUTE_BYTES = 2_000;

/**
 * Names of what a run waits for, as its search attribute holds them: the first ones that fit, each cut to 200 letters. When a site
 * fails, hundreds of steps may ask at once; a run is found by any of them.
 */
export function waitingNames(names: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let free = ATTRIBUTE_BYTES;
  for (const name of names) {
    const cut = name.slice(0, 200);
    free -= utf8Length(JSON.stringify(cut)) + 1;
    if (free < 0) break;
    kept.push(cut);
  }
  return kept;
}
