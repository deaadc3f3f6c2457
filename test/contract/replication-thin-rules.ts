import type { RecoveryPoint, RetentionRule } from '../../core/model/volume';
import { type ContractRule, quietly, rulesOf } from './contract';
import type { ReplicationFixture } from './replication-fixture';
import { captureOf } from './replication-point-rules';
import { activeSource } from './replication-steps';

const thin = rulesOf<ReplicationFixture>('ReplicationDriver.thin');

const keepsAll: readonly RetentionRule[] = [{ everySeconds: 1e-6, forSeconds: 1e9 }];
const keepsOne: readonly RetentionRule[] = [{ everySeconds: 1e9, forSeconds: 2e9 }];
const keepsAMinute: readonly RetentionRule[] = [{ everySeconds: 1e-6, forSeconds: 60 }];

const removal = 'Removes the points that the rules no longer keep, never one with a reason, never the newest.';

/** Points of different instants, oldest first; "application" is a consistency and no reason. */
async function capturePoints(
  fixture: ReplicationFixture,
  reasons: readonly (string | undefined)[],
): Promise<readonly RecoveryPoint[]> {
  await activeSource(fixture, 1);
  const points: RecoveryPoint[] = [];
  for (const reason of reasons) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    const named = reason === undefined ? {} : { reason };
    const more = reason === 'application' ? ({ consistency: reason } as const) : named;
    points.push(await fixture.driver.capture(captureOf(fixture, 1, more), quietly()));
  }
  return points;
}

const secondsAfter = (point: RecoveryPoint | undefined, seconds: number): string =>
  new Date(Date.parse(point?.capturedAt ?? '') + seconds * 1000).toISOString();

async function thinned(
  fixture: ReplicationFixture,
  rules: readonly RetentionRule[],
  now: string,
): Promise<{ readonly removed: readonly string[]; readonly left: readonly string[] }> {
  const { driver, site, volume, group } = fixture;
  const removed = await driver.thin(site, volume, { group, rules, now }, quietly());
  const [seen] = await driver.observe(site, group, [volume], quietly());
  return { removed, left: (seen?.points ?? []).map((point) => point.id).reverse() };
}

export const replicationThinRules: readonly ContractRule<ReplicationFixture>[] = [
  thin(
    removal,
    async (fixture) => {
      const points = await capturePoints(fixture, [undefined, 'before failback', undefined, undefined]);
      const { left } = await thinned(fixture, keepsAll, secondsAfter(points[3], 3600));
      expect(left).toEqual(points.map((point) => point.id));
    },
    'all are kept',
  ),
  thin(
    removal,
    async (fixture) => {
      const points = await capturePoints(fixture, [undefined, 'before failback', undefined, undefined]);
      const { left } = await thinned(fixture, [], secondsAfter(points[3], 3600));
      expect(left).toEqual([points[1]?.id, points[3]?.id]);
    },
    'none is kept by a rule',
  ),
  thin(
    removal,
    async (fixture) => {
      const points = await capturePoints(fixture, [undefined, undefined, undefined, undefined]);
      const { left } = await thinned(fixture, keepsOne, secondsAfter(points[3], 3600));
      expect(left.length).toBeLessThanOrEqual(2);
      expect(left.at(-1)).toBe(points[3]?.id);
    },
    'one an interval',
  ),
  thin(
    'Application-consistent points are kept by the rules as if there were no others, and the newest of them always.',
    async (fixture) => {
      const points = await capturePoints(fixture, [undefined, 'application', undefined]);
      const [first, kept, newest] = points.map((point) => point.id);
      const now = secondsAfter(points[2], 3600);
      expect((await thinned(fixture, keepsOne, now)).left).toEqual([first, kept, newest]);
      expect((await thinned(fixture, [], now)).left).toEqual([kept, newest]);
    },
  ),
  thin('Returns the ids removed.', async (fixture) => {
    const points = await capturePoints(fixture, [undefined, undefined, undefined]);
    const { removed } = await thinned(fixture, [], secondsAfter(points[2], 3600));
    expect([...removed].sort()).toEqual([points[0]?.id, points[1]?.id].sort());
    expect((await thinned(fixture, [], secondsAfter(points[2], 3600))).removed).toEqual([]);
  }),
  thin('`now` is an ISO instant.', async (fixture) => {
    const points = await capturePoints(fixture, [undefined, undefined]);
    expect((await thinned(fixture, keepsAMinute, secondsAfter(points[1], 30))).removed).toEqual([]);
    expect((await thinned(fixture, keepsAMinute, secondsAfter(points[1], 90))).removed).toEqual([points[0]?.id]);
  }),
  rulesOf<ReplicationFixture>('CaptureRequest.reason')('Present: kept until removed by name.', async (fixture) => {
    const points = await capturePoints(fixture, ['before failback', undefined]);
    const { left } = await thinned(fixture, [], secondsAfter(points[1], 1e8));
    expect(left).toContain(points[0]?.id);
  }),
  rulesOf<ReplicationFixture>('CaptureRequest.reason')('Absent: thinned by the retention policy.', async (fixture) => {
    const points = await capturePoints(fixture, [undefined, undefined]);
    const { left } = await thinned(fixture, [], secondsAfter(points[1], 1e8));
    expect(left).toEqual([points[1]?.id]);
  }),
];
