import type { RecoveryPoint, RetentionRule } from './volume';

export type ThinnablePoint = Pick<RecoveryPoint, 'id' | 'capturedAt' | 'reason'> &
  Partial<Pick<RecoveryPoint, 'consistency' | 'set'>>;

/** Why a point is kept. */
export type KeptBecause =
  | { readonly kind: 'reason'; readonly reason: string }
  | { readonly kind: 'rule'; readonly rule: RetentionRule }
  | { readonly kind: 'newest' };

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
  const kept = whyKept(points, rules, now);
  return [...points]
    .sort(byTime)
    .filter(({ id }) => !kept.has(id))
    .map(({ id }) => id);
}

/**
 * By id, why a point is kept; absent: it is removed the next time. Application-consistent points are looked at apart: beside the
 * others, of which there are more, hardly one of them would ever be the oldest of its stretch of time.
 */
export function whyKept(
  points: readonly ThinnablePoint[],
  rules: readonly RetentionRule[],
  now: string,
): ReadonlyMap<string, KeptBecause> {
  const kept = new Map<string, KeptBecause>();
  const inOrder = [...points].sort(byTime);
  for (const consistency of ['application', 'crash'] as const) {
    const alike = inOrder.filter((point) => (point.consistency ?? 'crash') === consistency);
    // The finest rule is the first, and says most.
    for (const rule of rules)
      for (const id of keptBy(rule, alike, Date.parse(now))) note(kept, id, { kind: 'rule', rule });
    for (const { id } of alike.slice(-1)) note(kept, id, { kind: 'newest' });
  }
  for (const { id } of inOrder.slice(-1)) note(kept, id, { kind: 'newest' });
  for (const { id, reason } of inOrder) if (reason !== undefined) kept.set(id, { kind: 'reason', reason });
  return kept;
}

function note(kept: Map<string, KeptBecause>, id: string, because: KeptBecause): void {
  if (!kept.has(id)) kept.set(id, because);
}

function keptBy(rule: RetentionRule, inOrder: readonly ThinnablePoint[], nowMs: number): Iterable<string> {
  const oldestOfSlot = new Map<number, string>();
  for (const point of inOrder) {
    const at = timeOf(point);
    const slot = Math.floor(at / (rule.everySeconds * 1000));
    if (nowMs - at < rule.forSeconds * 1000 && !oldestOfSlot.has(slot)) oldestOfSlot.set(slot, point.id);
  }
  return oldestOfSlot.values();
}

/** The same for all points of a set, so that a set is kept or removed as a whole. */
const timeOf = ({ set, capturedAt }: ThinnablePoint): number => Date.parse(set?.quiescedAt ?? capturedAt);

function byTime(a: ThinnablePoint, b: ThinnablePoint): number {
  return timeOf(a) - timeOf(b) || (a.id < b.id ? -1 : 1);
}
