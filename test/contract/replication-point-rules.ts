import type { RecoveryPoint } from '../../core/model/volume';
import type { CaptureRequest, RestoreRequest } from '../../drivers/ports';
import { type ContractRule, expectFailure, expectNoChange, mutation, quietly, rulesOf } from './contract';
import type { ReplicationFixture } from './replication-fixture';
import { activeSource, orders, passOf, replicated } from './replication-steps';

const observe = rulesOf<ReplicationFixture>('ReplicationDriver.observe');
const capture = rulesOf<ReplicationFixture>('ReplicationDriver.capture');
const restore = rulesOf<ReplicationFixture>('ReplicationDriver.restore');
const claim = rulesOf<ReplicationFixture>('ReplicationDriver.claim');

export function captureOf(
  fixture: ReplicationFixture,
  epoch: number,
  more: Partial<CaptureRequest> = {},
): CaptureRequest {
  const { volume, site } = fixture;
  return { ...mutation(fixture, epoch), volume, site, consistency: 'crash', ...more };
}

export function restoreOf(fixture: ReplicationFixture, epoch: number, point: string): RestoreRequest {
  const { volume, site } = fixture;
  return { ...mutation(fixture, epoch), volume, site, point };
}

const pointsOf = async ({ driver, site, group, volume }: ReplicationFixture): Promise<readonly RecoveryPoint[]> =>
  (await driver.observe(site, group, [volume], quietly()))[0]?.points ?? [];

const observeRules: readonly ContractRule<ReplicationFixture>[] = [
  observe('Looks at each volume and its recovery points, in the order given, newest point first.', async (fixture) => {
    const { driver, site, group, volume, another } = fixture;
    await activeSource(fixture, 2);
    const older = await driver.capture(captureOf(fixture, 2), quietly());
    await fixture.write(site, volume, [orders(5)]);
    const newer = await driver.capture(captureOf(fixture, 2), quietly());
    const seen = await driver.observe(site, group, [another, volume], quietly());
    expect(seen.map((one) => one.volume)).toEqual([another.name, volume.name]);
    expect(seen[0]).toMatchObject({ role: 'empty', epoch: 0, files: 0, bytes: 0, points: [] });
    expect(seen[1]).toMatchObject({ site: site.name, role: 'active', epoch: 2, records: 5, files: 1 });
    expect(seen[1]?.points.map((point) => point.id)).toEqual([newer.id, older.id]);
  }),
  observe('Changes nothing.', async (fixture) => {
    await replicated(fixture, 1);
    const { driver, peer, group, volume, another } = fixture;
    await expectNoChange(fixture, () => driver.observe(peer, group, [volume, another], quietly()));
  }),
];

const captureRules: readonly ContractRule<ReplicationFixture>[] = [
  capture(
    'Keeps an image of the volume under a new id; the same operation key gives the same point.',
    async (fixture) => {
      await activeSource(fixture, 2);
      const request = captureOf(fixture, 2, { consistency: 'application', reason: 'before failback' });
      const first = await fixture.driver.capture(request, quietly());
      expect(first).toMatchObject({ volume: 'orders', epoch: 2, records: 3, consistency: 'application' });
      expect(first.reason).toBe('before failback');
      await fixture.write(fixture.site, fixture.volume, [orders(8)]);
      expect(await fixture.driver.capture(request, quietly())).toEqual(first);
      const another = await fixture.driver.capture(captureOf(fixture, 2), quietly());
      expect(another.id).not.toBe(first.id);
      expect(another.records).toBe(8);
      expect(await pointsOf(fixture)).toHaveLength(2);
    },
  ),
  capture('Says in `newBytes` how many of its bytes the point before did not have.', async (fixture) => {
    await fixture.write(fixture.site, fixture.volume, [{ path: 'kept.bin', content: 'x'.repeat(5000) }]);
    await activeSource(fixture, 1);
    const first = await fixture.driver.capture(captureOf(fixture, 1), quietly());
    expect(first.newBytes).toBe(first.bytes);
    await fixture.write(fixture.site, fixture.volume, [{ path: 'more.bin', content: 'y'.repeat(300) }]);
    const second = await fixture.driver.capture(captureOf(fixture, 1), quietly());
    expect(second).toMatchObject({ bytes: first.bytes + 300, newBytes: 300 });
  }),
  capture('Shares unchanged data.', async (fixture) => {
    const size = fixture.largeFileBytes;
    await fixture.write(fixture.site, fixture.volume, [{ path: 'large.bin', content: 'x'.repeat(size) }]);
    await activeSource(fixture, 1);
    await fixture.driver.capture(captureOf(fixture, 1), quietly());
    const before = await fixture.storedBytes(fixture.site, fixture.volume);
    await fixture.write(fixture.site, fixture.volume, [orders(4)]);
    await fixture.driver.capture(captureOf(fixture, 1), quietly());
    expect((await fixture.storedBytes(fixture.site, fixture.volume)) - before).toBeLessThan(size / 2);
  }),
];

const ofPass = rulesOf<ReplicationFixture>('CaptureRequest.ofPass');
const quiesced = { id: 'app-20261121T101500.123Z', quiescedAt: '2026-11-21T10:15:00.123Z' };
const refusedWithStale = 'A volume that is no replica, or holds another pass by now, is refused with `StaleAttempt`.';

/** Captures at the standby, as a point of that pass. */
const captureOfPass = (fixture: ReplicationFixture, asOf: string): Promise<RecoveryPoint> =>
  fixture.driver.capture(
    {
      ...captureOf(fixture, 1, { consistency: 'application', ofPass: { set: quiesced, asOf } }),
      site: fixture.peer,
    },
    quietly(),
  );

const ofPassRules: readonly ContractRule<ReplicationFixture>[] = [
  ofPass(
    'The point belongs to this set of points, and must hold the pass of replication that ended with `asOf`.',
    async (fixture) => {
      await activeSource(fixture, 1);
      const { asOf } = await fixture.driver.sync(passOf(fixture, 1), quietly());
      const point = await captureOfPass(fixture, asOf);
      expect(point).toMatchObject({ set: quiesced, asOf, consistency: 'application', role: 'replica', records: 3 });
      const [seen] = await fixture.driver.observe(fixture.peer, fixture.group, [fixture.volume], quietly());
      expect(seen?.points).toEqual([point]);
    },
  ),
  ofPass(
    refusedWithStale,
    async (fixture) => {
      await activeSource(fixture, 1);
      const { asOf } = await fixture.driver.sync(passOf(fixture, 1), quietly());
      await fixture.write(fixture.site, fixture.volume, [orders(9)]);
      await fixture.driver.sync(passOf(fixture, 1), quietly());
      await expectFailure(captureOfPass(fixture, asOf), 'StaleAttempt', /any more/);
      expect(await pointsOf({ ...fixture, site: fixture.peer })).toEqual([]);
    },
    'another pass',
  ),
  ofPass(
    refusedWithStale,
    async (fixture) => {
      await activeSource(fixture, 1);
      const { asOf } = await fixture.driver.sync(passOf(fixture, 1), quietly());
      await fixture.driver.claim(fixture.peer, fixture.volume, mutation(fixture, 2), quietly());
      const call = fixture.driver.capture(
        { ...captureOf(fixture, 2, { ofPass: { set: quiesced, asOf } }), site: fixture.peer },
        quietly(),
      );
      await expectFailure(call, 'StaleAttempt');
    },
    'no replica',
  ),
];

const damagedOrUnknown = 'Unknown or damaged: `RecoveryPointMissing`.';

const asItWas =
  'Makes the volume what it was when the point was taken: content, role, epoch and asOf; the point stays.';

const restoreRules: readonly ContractRule<ReplicationFixture>[] = [
  restore(
    asItWas,
    async (fixture) => {
      const { driver, peer, volume } = fixture;
      await replicated(fixture, 1);
      const [before] = await driver.observe(peer, fixture.group, [volume], quietly());
      const point = await driver.capture({ ...captureOf(fixture, 1), site: peer }, quietly());
      await driver.claim(peer, volume, mutation(fixture, 2), quietly());
      await driver.restore({ ...restoreOf(fixture, 3, point.id), site: peer }, quietly());
      const [after] = await driver.observe(peer, fixture.group, [volume], quietly());
      expect(after).toMatchObject({ role: 'replica', epoch: 1, asOf: before?.asOf });
      // Replication goes on with what was rolled back.
      await replicated(fixture, 1);
    },
    'role, epoch and asOf',
  ),
  restore(asItWas, async (fixture) => {
    const { driver, site, volume } = fixture;
    await activeSource(fixture, 1);
    const tree = await fixture.tree(site, volume);
    const point = await driver.capture(captureOf(fixture, 1), quietly());
    await fixture.write(site, volume, [orders(9), { path: 'later.txt', content: 'later' }]);
    const restored = await driver.restore(restoreOf(fixture, 1, point.id), quietly());
    expect(restored).toMatchObject({ volume: volume.name, site: site.name, records: 3 });
    expect(await fixture.tree(site, volume)).toEqual(tree);
    // A workload that goes on writing after the restore must not write into the kept image.
    await fixture.write(site, volume, [orders(7)]);
    await driver.restore(restoreOf(fixture, 1, point.id), quietly());
    expect(await fixture.tree(site, volume)).toEqual(tree);
    expect((await pointsOf(fixture)).map((one) => one.id)).toEqual([point.id]);
  }),
  restore(
    damagedOrUnknown,
    async (fixture) => {
      await activeSource(fixture, 1);
      const before = await fixture.state();
      const call = fixture.driver.restore(restoreOf(fixture, 1, '20200101T000000.000Z-1'), quietly());
      await expectFailure(call, 'RecoveryPointMissing', /20200101T000000\.000Z-1/);
      expect(await fixture.state()).toEqual(before);
    },
    'unknown',
  ),
  restore(
    damagedOrUnknown,
    async (fixture) => {
      await activeSource(fixture, 1);
      const point = await fixture.driver.capture(captureOf(fixture, 1), quietly());
      await fixture.write(fixture.site, fixture.volume, [orders(9)]);
      await fixture.damage(fixture.site, point);
      const tree = await fixture.tree(fixture.site, fixture.volume);
      await expectFailure(
        fixture.driver.restore(restoreOf(fixture, 1, point.id), quietly()),
        'RecoveryPointMissing',
        new RegExp(point.id),
      );
      expect(await fixture.tree(fixture.site, fixture.volume)).toEqual(tree);
    },
    'damaged',
  ),
  rulesOf<ReplicationFixture>('RestoreRequest.point')(
    'Id of a recovery point at that site, or "latest": the replica as it is.',
    async (fixture) => {
      const { driver, peer, volume } = fixture;
      await replicated(fixture, 1);
      const tree = await fixture.tree(peer, volume);
      const request = { ...restoreOf(fixture, 1, 'latest'), site: peer };
      expect(await driver.restore(request, quietly())).toMatchObject({ site: peer.name, records: 3 });
      expect(await fixture.tree(peer, volume)).toEqual(tree);
    },
    'latest',
  ),
  rulesOf<ReplicationFixture>('RestoreRequest.point')(
    'Id of a recovery point at that site, or "latest": the replica as it is.',
    async (fixture) => {
      await replicated(fixture, 1);
      const point = await fixture.driver.capture(captureOf(fixture, 1), quietly());
      const request = { ...restoreOf(fixture, 1, point.id), site: fixture.peer };
      await expectFailure(fixture.driver.restore(request, quietly()), 'RecoveryPointMissing');
    },
    'a point of the other site',
  ),
];

const claimRules: readonly ContractRule<ReplicationFixture>[] = [
  claim(
    'Marks the volume active with the epoch of the mutation, so that no sync of that or a lower epoch may overwrite it.',
    async (fixture) => {
      const { driver, peer, volume } = fixture;
      await replicated(fixture, 2);
      const claimed = await driver.claim(peer, volume, mutation(fixture, 3), quietly());
      expect(claimed).toMatchObject({ volume: volume.name, site: peer.name, role: 'active', epoch: 3, records: 3 });
      await expectFailure(driver.sync(passOf(fixture, 3), quietly()), 'DataNewer');
      await driver.claim(fixture.site, volume, mutation(fixture, 3), quietly());
      await expectFailure(driver.sync(passOf(fixture, 3), quietly()), 'DataNewer');
    },
  ),
];

export const replicationPointRules = [...observeRules, ...captureRules, ...ofPassRules, ...restoreRules, ...claimRules];
