import { copyOf } from '../../core/model/drill';
import type { CopyRequest } from '../../drivers/ports';
import { type ContractRule, expectFailure, expectNoChange, mutation, quietly, rulesOf } from './contract';
import type { ReplicationFixture } from './replication-fixture';
import { captureOf } from './replication-point-rules';
import { activeSource, orders, passOf, replicated } from './replication-steps';

const copy = rulesOf<ReplicationFixture>('ReplicationDriver.copy');

/** The standby of the fixture is `peer`: copies are made there. */
export const copyRequest = (
  fixture: ReplicationFixture,
  point: string,
  { run = 'run-1', epoch = 2 }: { readonly run?: string; readonly epoch?: number } = {},
): CopyRequest => ({
  ...mutation(fixture, epoch, `${run}/copy`),
  group: copyOf(fixture.group),
  from: fixture.group,
  volume: fixture.volume,
  site: fixture.peer,
  point,
});

const seenAt = async ({ driver, peer, volume, group }: ReplicationFixture, of: string = group) =>
  (await driver.observe(peer, of, [volume], quietly()))[0];

const makesVolume = 'Makes of the recovery point a volume of the copy, active with the epoch of the mutation.';
const apart =
  'Shares nothing that a workload could write with the volume or its points, and changes neither: replication goes on meanwhile, and the copy is that of one pass.';
const missing = 'Unknown or damaged: `RecoveryPointMissing`.';

export const replicationCopyRules: readonly ContractRule<ReplicationFixture>[] = [
  copy(
    makesVolume,
    async (fixture) => {
      await replicated(fixture, 1);
      await fixture.prepareCopy(fixture.peer, 'run-1/prepare');
      const made = await fixture.driver.copy(copyRequest(fixture, 'latest'), quietly());
      expect(made).toMatchObject({ role: 'active', epoch: 2, records: 3 });
      expect(await seenAt(fixture, copyOf(fixture.group))).toMatchObject({ role: 'active', epoch: 2, records: 3 });
    },
    'the replica as it is',
  ),
  copy(
    makesVolume,
    async (fixture) => {
      const { driver, site, peer, volume } = fixture;
      await replicated(fixture, 1);
      const point = await driver.capture({ ...captureOf(fixture, 1), site: peer }, quietly());
      await fixture.write(site, volume, [orders(8)]);
      await driver.sync(passOf(fixture, 1), quietly());
      await fixture.prepareCopy(peer, 'run-1/prepare');
      expect(await driver.copy(copyRequest(fixture, point.id), quietly())).toMatchObject({ records: 3 });
      expect(await seenAt(fixture)).toMatchObject({ role: 'replica', records: 8 });
    },
    'an earlier point',
  ),
  copy(apart, async (fixture) => {
    const { driver, site, peer, volume } = fixture;
    await replicated(fixture, 1);
    const point = await driver.capture({ ...captureOf(fixture, 1), site: peer }, quietly());
    await fixture.prepareCopy(peer, 'run-1/prepare');
    const replica = await seenAt(fixture);
    await driver.copy(copyRequest(fixture, point.id), quietly());
    await fixture.writeCopy(peer, volume, [orders(1), { path: 'drill.txt', content: 'written by a copy' }]);
    expect(await seenAt(fixture)).toEqual(replica);
    await fixture.write(site, volume, [orders(5)]);
    await driver.sync(passOf(fixture, 1), quietly());
    expect(await seenAt(fixture)).toMatchObject({ role: 'replica', records: 5 });
    await driver.restore({ ...captureOf(fixture, 1), site: peer, point: point.id }, quietly());
    expect(await seenAt(fixture)).toMatchObject({ records: 3, files: 1 });
  }),
  copy(
    missing,
    async (fixture) => {
      await replicated(fixture, 1);
      await fixture.prepareCopy(fixture.peer, 'run-1/prepare');
      const call = () => fixture.driver.copy(copyRequest(fixture, '20200101T000000.000Z-1'), quietly());
      await expectFailure(call(), 'RecoveryPointMissing', /20200101T000000\.000Z-1/);
    },
    'unknown',
  ),
  copy(
    missing,
    async (fixture) => {
      await replicated(fixture, 1);
      const point = await fixture.driver.capture({ ...captureOf(fixture, 1), site: fixture.peer }, quietly());
      await fixture.damage(fixture.peer, point);
      await fixture.prepareCopy(fixture.peer, 'run-1/prepare');
      await expectFailure(fixture.driver.copy(copyRequest(fixture, point.id), quietly()), 'RecoveryPointMissing');
    },
    'damaged',
  ),
  copy(
    missing,
    async (fixture) => {
      await activeSource(fixture, 1);
      await fixture.prepareCopy(fixture.peer, 'run-1/prepare');
      await expectFailure(fixture.driver.copy(copyRequest(fixture, 'latest'), quietly()), 'RecoveryPointMissing');
    },
    'nothing was replicated',
  ),
  copy(
    'A copy that is not prepared for the run: `StaleAttempt`.',
    async (fixture) => {
      await replicated(fixture, 1);
      await expectNoChange(fixture, () =>
        expectFailure(fixture.driver.copy(copyRequest(fixture, 'latest'), quietly()), 'StaleAttempt'),
      );
    },
    'for no run',
  ),
  copy(
    'A copy that is not prepared for the run: `StaleAttempt`.',
    async (fixture) => {
      await replicated(fixture, 1);
      await fixture.prepareCopy(fixture.peer, 'run-2/prepare');
      await expectFailure(fixture.driver.copy(copyRequest(fixture, 'latest'), quietly()), 'StaleAttempt');
    },
    'for another run',
  ),
  rulesOf<ReplicationFixture>('CopyRequest.from')(
    'The group whose volume is copied; `group` is the one that gets it.',
    async (fixture) => {
      await replicated(fixture, 1);
      const before = await seenAt(fixture);
      await fixture.prepareCopy(fixture.peer, 'run-1/prepare');
      await fixture.driver.copy(copyRequest(fixture, 'latest'), quietly());
      expect(await seenAt(fixture)).toEqual(before);
      expect(await seenAt(fixture, copyOf(fixture.group))).toMatchObject({ role: 'active' });
    },
  ),
  rulesOf<ReplicationFixture>('CopyRequest.point')(
    'Id of a recovery point at that site, or "latest": the replica as it is.',
    async (fixture) => {
      await replicated(fixture, 1);
      const point = await fixture.driver.capture(captureOf(fixture, 1), quietly());
      await fixture.prepareCopy(fixture.peer, 'run-1/prepare');
      await expectFailure(fixture.driver.copy(copyRequest(fixture, point.id), quietly()), 'RecoveryPointMissing');
    },
    'a point of the other site',
  ),
];
