/** What a check has that is not written, in milliseconds. */
export const checkDefaults = { intervalMs: 250, withinMs: 60_000 } as const;

/** Three passes tell a service that fails every third time from one that works. They take no longer than this, or there are two. */
const threeWithinMs = 500;

export function defaultSuccesses(intervalMs: number, withinMs: number): number {
  const three = 2 * intervalMs;
  return three <= threeWithinMs && three < withinMs ? 3 : 2;
}
