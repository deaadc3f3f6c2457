import type { RecoveryPoint, RetentionRule } from './volume';

export type ThinnablePoint = Pick<RecoveryPoint, 'id' | 'capturedAt' | 'reason'>;

/**
 * Ids of the points that no rule keeps, oldest first. A rule keeps the oldest point of each `everySeconds` of the clock among
 * the points younger than `forSeconds`: the oldest, so that a point once kept is not exchanged for a later one at every look.
 * A point with a reason and the newest point are always kept. `now` is an ISO instant.
 */
export function choosePointsToThin(
  points: readonly ThinnablePoint[],
  rules: readonly RetentionRule[],
  now: string,
): readonly string[] {
  const inOrder = [...points].sort(byTime);
  const kept = new Set<string>(inOrder.slice(-1).map((point) => point.id));
  for (const point of inOrder) if (point.reason !== undefined) kept.add(point.id);
  for (const rule of rules) for (const id of keptBy(rule, inOrder, Date.parse(now))) kept.add(id);
  return inOrder.filter((point) => !kept.has(point.id)).map((point) => point.id);
}

function keptBy(rule: RetentionRule, inOrder: readonly ThinnablePoint[], nowMs: number): Iterable<string> {
  const oldestOfSlot = new Map<number, string>();
  for (const point of inOrder) {
    const at = Date.parse(point.capturedAt);
    const slot = Math.floor(at / (rule.everySeconds * 1000));
    if (nowMs - at < rule.forSeconds * 1000 && !oldestOfSlot.has(slot)) oldestOfSlot.set(slot, point.id);
  }
  return oldestOfSlot.values();
}

function byTime(a: ThinnablePoint, b: ThinnablePoint): number {
  return Date.parse(a.capturedAt) - Date.parse(b.capturedAt) || (a.id < b.id ? -1 : 1);
}
