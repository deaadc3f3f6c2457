import fc from 'fast-check';
import { choosePointsToThin, type ThinnablePoint } from '../../../../core/model/retention';
import type { RetentionRule } from '../../../../core/model/volume';

const now = Date.parse('2026-11-21T12:00:00.000Z');
const day = 86_400;

const points: fc.Arbitrary<readonly ThinnablePoint[]> = fc
  .array(
    fc.record({
      age: fc.nat(40 * day),
      reason: fc.option(fc.constant('before failback'), { nil: undefined, freq: 10 }),
    }),
    {
      maxLength: 60,
    },
  )
  .map((drafts) =>
    drafts.map(({ age, reason }, index) => ({
      id: `point-${index}`,
      capturedAt: new Date(now - age * 1000).toISOString(),
      ...(reason !== undefined && { reason }),
    })),
  );

const rule: fc.Arbitrary<RetentionRule> = fc.record({
  everySeconds: fc.constantFrom(60, 600, 3600, day),
  forSeconds: fc.constantFrom(3600, day, 30 * day),
});
const rules = fc.array(rule, { maxLength: 4 });

const at = (point: ThinnablePoint): number => Date.parse(point.capturedAt);
const thin = (all: readonly ThinnablePoint[], by: readonly RetentionRule[], when = now): readonly string[] =>
  choosePointsToThin(all, by, new Date(when).toISOString());
const without = (all: readonly ThinnablePoint[], removed: readonly string[]): readonly ThinnablePoint[] =>
  all.filter((point) => !removed.includes(point.id));

test('a point with a reason and the newest point are never removed', () => {
  fc.assert(
    fc.property(points, rules, (all, by) => {
      const left = without(all, thin(all, by));
      const newest = Math.max(...all.map(at));
      expect(all.filter((point) => point.reason !== undefined).every((point) => left.includes(point))).toBe(true);
      expect(all.length === 0 || left.some((point) => at(point) === newest)).toBe(true);
    }),
  );
});

test('each slot of the clock that a rule looks at keeps a point when it had one', () => {
  fc.assert(
    fc.property(points, rules, (all, by) => {
      const left = without(all, thin(all, by));
      for (const { everySeconds, forSeconds } of by) {
        const slots = (some: readonly ThinnablePoint[]): Set<number> =>
          new Set(
            some
              .filter((point) => now - at(point) < forSeconds * 1000)
              .map((point) => Math.floor(at(point) / everySeconds / 1000)),
          );
        expect(slots(left)).toEqual(slots(all));
      }
    }),
  );
});

test('no more is kept than a point a slot and rule, those with a reason, and the newest', () => {
  fc.assert(
    fc.property(points, rules, (all, by) => {
      const kept = without(all, thin(all, by)).filter((point) => point.reason === undefined).length;
      const slots = by.map(({ everySeconds, forSeconds }) => Math.ceil(forSeconds / everySeconds) + 1);
      expect(kept).toBeLessThanOrEqual(slots.reduce((sum, count) => sum + count, 1));
    }),
  );
});

test('thinning again removes nothing, and thinning often keeps what thinning once keeps for the oldest rule', () => {
  fc.assert(
    fc.property(points, rules, fc.nat(2 * day), (all, by, later) => {
      const once = without(all, thin(all, by));
      expect(thin(once, by)).toEqual([]);
      const laterOnly = without(all, thin(all, by, now + later * 1000)).map((point) => point.id);
      const inSteps = without(once, thin(once, by, now + later * 1000)).map((point) => point.id);
      expect(laterOnly).toEqual(expect.arrayContaining(inSteps));
    }),
  );
});

test('the default policy, applied at each capture, keeps every 10 minutes for an hour, hourly for a day, daily for a month', () => {
  const policy = [
    { everySeconds: 600, forSeconds: 3600 },
    { everySeconds: 3600, forSeconds: day },
    { everySeconds: day, forSeconds: 30 * day },
  ];
  let left: readonly ThinnablePoint[] = [];
  for (let time = now - 32 * day * 1000; time <= now; time += 600_000) {
    const captured = [...left, { id: `point-${time}`, capturedAt: new Date(time).toISOString() }];
    left = without(captured, thin(captured, policy, time));
  }
  const ages = left.map((point) => (now - at(point)) / 1000);
  expect(ages.filter((age) => age < 3600)).toEqual([3000, 2400, 1800, 1200, 600, 0]);
  expect(ages.filter((age) => age >= 3600 && age < day)).toHaveLength(23);
  expect(ages.filter((age) => age >= day)).toHaveLength(29);
});
