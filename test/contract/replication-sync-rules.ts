import {
  cancelledAt,
  type ContractRule,
  expectFailure,
  mutation,
  outcomeOf,
  quietly,
  rulesOf,
  watched,
} from './contract';
import type { ReplicationFixture } from './replication-fixture';
import { activeSource, manyFiles, orders, passOf, replicated } from './replication-steps';

const sync = rulesOf<ReplicationFixture>('ReplicationDriver.sync');

const onlyChanges =
  'Transfers only what changed (of large files the changed blocks), keeps modes, times and symbolic links, removes what the source no longer has.';
const completePass =
  'The replica is at every moment the one of a complete pass: an interrupted pass leaves the earlier one current.';
const dataNewer =
  "Refuses with `DataNewer`, changing nothing, when the target's epoch is higher than the source's, or when the target is active at the same epoch.";
const onePass =
  'Of two passes onto one target at a time, at most one takes effect; the other ends with `StaleAttempt`.';

async function expectEqualTrees(fixture: ReplicationFixture): Promise<void> {
  const source = await fixture.tree(fixture.site, fixture.volume);
  expect(await fixture.tree(fixture.peer, fixture.volume)).toEqual(source);
}

const transferRules: readonly ContractRule<ReplicationFixture>[] = [
  sync('Makes the target a replica of the source.', async (fixture) => {
    await activeSource(fixture, 2);
    const result = await fixture.driver.sync(passOf(fixture, 2), quietly());
    expect(result).toMatchObject({ source: fixture.site.name, target: fixture.peer.name, epoch: 2, records: 3 });
    await expectEqualTrees(fixture);
    const [seen] = await fixture.driver.observe(fixture.peer, fixture.group, [fixture.volume], quietly());
    expect(seen).toMatchObject({ role: 'replica', epoch: 2, records: 3, asOf: result.asOf });
  }),
  sync(
    onlyChanges,
    async (fixture) => {
      await fixture.write(fixture.site, fixture.volume, manyFiles(20, 'first'));
      await replicated(fixture, 1);
      await fixture.write(fixture.site, fixture.volume, [{ path: 'parts/part-7.txt', content: 'changed\n' }]);
      const result = await fixture.driver.sync(passOf(fixture, 1), quietly());
      expect(result).toMatchObject({ filesCompared: 21, filesChanged: 1, filesDeleted: 0, bytesChanged: 8 });
      await expectEqualTrees(fixture);
    },
    'one file of many',
  ),
  sync(
    onlyChanges,
    async (fixture) => {
      const size = fixture.largeFileBytes;
      await fixture.write(fixture.site, fixture.volume, [{ path: 'large.bin', content: 'a'.repeat(size) }]);
      await replicated(fixture, 1);
      const changed = 'a'.repeat(size - 3) + 'bcd';
      await fixture.write(fixture.site, fixture.volume, [{ path: 'large.bin', content: changed }]);
      const result = await fixture.driver.sync(passOf(fixture, 1), quietly());
      expect(result).toMatchObject({ filesChanged: 1, bytesChanged: size });
      expect(result.bytesSent).toBeGreaterThan(0);
      expect(result.bytesSent).toBeLessThan(size / 2);
      await expectEqualTrees(fixture);
    },
    'blocks of a large file',
  ),
  sync(
    onlyChanges,
    async (fixture) => {
      const modifiedMs = Date.UTC(2020, 1, 2, 3, 4, 5);
      await fixture.write(fixture.site, fixture.volume, [
        { path: 'secret.key', content: 'k', mode: 0o600, modifiedMs },
        { path: 'run.sh', content: 'true\n', mode: 0o755, modifiedMs },
      ]);
      await fixture.link(fixture.site, fixture.volume, 'latest', 'orders.log');
      await replicated(fixture, 1);
      const tree = await fixture.tree(fixture.peer, fixture.volume);
      expect(tree['secret.key']).toEqual({ content: 'k', mode: 0o600, modifiedMs });
      expect(tree['run.sh']).toMatchObject({ mode: 0o755, modifiedMs });
      expect(tree['latest']).toEqual({ link: 'orders.log' });
    },
    'modes, times and links',
  ),
  sync(
    onlyChanges,
    async (fixture) => {
      await fixture.write(fixture.site, fixture.volume, manyFiles(3, 'first'));
      await replicated(fixture, 1);
      await fixture.remove(fixture.site, fixture.volume, 'parts/part-1.txt');
      const result = await fixture.driver.sync(passOf(fixture, 1), quietly());
      expect(result).toMatchObject({ filesChanged: 0, filesDeleted: 1 });
      await expectEqualTrees(fixture);
    },
    'what was removed',
  ),
  sync(completePass, async (fixture) => {
    await fixture.write(fixture.site, fixture.volume, manyFiles(60, 'first'));
    await replicated(fixture, 1);
    const earlier = await fixture.tree(fixture.peer, fixture.volume);
    await fixture.write(fixture.site, fixture.volume, [...manyFiles(60, 'second'), orders(9)]);
    for (let nth = 1; nth <= 1024; nth *= 2) {
      const context = cancelledAt(nth);
      const outcome = await outcomeOf(fixture.driver.sync(passOf(fixture, 1), context));
      if (outcome === 'done') break;
      expect(context.cancelled()).toBe(true);
      expect(await fixture.tree(fixture.peer, fixture.volume)).toEqual(earlier);
    }
    await fixture.driver.sync(passOf(fixture, 1), quietly());
    await expectEqualTrees(fixture);
  }),
];

const guardRules: readonly ContractRule<ReplicationFixture>[] = [
  sync(
    dataNewer,
    async (fixture) => {
      const { driver, peer, volume } = fixture;
      await activeSource(fixture, 2);
      await fixture.write(peer, volume, [orders(5)]);
      await driver.claim(peer, volume, mutation(fixture, 3), quietly());
      const before = await fixture.state();
      await expectFailure(driver.sync(passOf(fixture, 3), quietly()), 'DataNewer', /\b[23]\b/);
      expect(await fixture.state()).toEqual(before);
    },
    'a target of a higher epoch',
  ),
  sync(
    dataNewer,
    async (fixture) => {
      const { driver, peer, volume } = fixture;
      await activeSource(fixture, 2);
      await fixture.write(peer, volume, [orders(5)]);
      await driver.claim(peer, volume, mutation(fixture, 2), quietly());
      const before = await fixture.state();
      await expectFailure(driver.sync(passOf(fixture, 2), quietly()), 'DataNewer');
      expect(await fixture.state()).toEqual(before);
    },
    'a target active at the same epoch',
  ),
  sync(
    dataNewer,
    async (fixture) => {
      const { driver, peer, volume } = fixture;
      await activeSource(fixture, 3);
      await fixture.write(peer, volume, [orders(5)]);
      await driver.claim(peer, volume, mutation(fixture, 2), quietly());
      await driver.sync(passOf(fixture, 3), quietly());
      await expectEqualTrees(fixture);
    },
    'an old active side of a lower epoch becomes the replica',
  ),
  sync(
    dataNewer,
    async (fixture) => {
      const { driver, site, peer, volume } = fixture;
      await fixture.write(site, volume, [orders(3)]);
      await fixture.write(peer, volume, [orders(5)]);
      await expectFailure(driver.sync(passOf(fixture, 1), quietly()), 'DataNewer');
      expect(await fixture.tree(peer, volume)).toMatchObject({ 'orders.log': { content: orders(5).content } });
    },
    'a target with data that nobody has claimed',
  ),
  sync(
    'Makes the target a replica of the source.',
    async (fixture) => {
      await fixture.write(fixture.site, fixture.volume, [orders(3)]);
      await fixture.driver.sync(passOf(fixture, 1), quietly());
      await fixture.write(fixture.site, fixture.volume, [orders(4)]);
      await fixture.driver.sync(passOf(fixture, 1), quietly());
      await expectEqualTrees(fixture);
    },
    'from data that nobody has claimed',
  ),
  ...(['the same step', 'another step'] as const).map((attempt) =>
    sync(
      onePass,
      async (fixture) => {
        await fixture.write(fixture.site, fixture.volume, manyFiles(60, 'first'));
        await activeSource(fixture, 1);
        const first = passOf(fixture, 1);
        const later = attempt === 'the same step' ? first : passOf(fixture, 1);
        let second: Promise<string> | undefined;
        const context = quietly();
        const progress = (): void => void (second ??= outcomeOf(fixture.driver.sync(later, quietly())));
        const outcomes = [await outcomeOf(fixture.driver.sync(first, { ...context, progress })), await second];
        expect([...outcomes].sort()).toEqual(['StaleAttempt', 'done']);
        await expectEqualTrees(fixture);
      },
      `two attempts of ${attempt}`,
    ),
  ),
];

const finalRules: readonly ContractRule<ReplicationFixture>[] = [
  rulesOf<ReplicationFixture>('SyncRequest.final')(
    'True: the source is stopped; the pass ends with content hashes of both sides, returned as `proof`.',
    async (fixture) => {
      await replicated(fixture, 1);
      await fixture.write(fixture.site, fixture.volume, [orders(6)]);
      const { proof } = await fixture.driver.sync(passOf(fixture, 1, { final: true }), quietly());
      expect(proof).toMatchObject({ method: 'sha256-tree', files: 1, bytes: orders(6).content.length });
      expect(proof?.sourceDigest).toMatch(/^[0-9a-f]{64}$/);
      expect(proof?.targetDigest).toBe(proof?.sourceDigest);
    },
    'final',
  ),
  rulesOf<ReplicationFixture>('SyncRequest.final')(
    'True: the source is stopped; the pass ends with content hashes of both sides, returned as `proof`.',
    async (fixture) => {
      await activeSource(fixture, 1);
      expect((await fixture.driver.sync(passOf(fixture, 1), quietly())).proof).toBeUndefined();
    },
    'not final',
  ),
  sync(
    'With `final`, the digests of both sides are computed from content after the copy; when they differ it throws `SyncMismatch`.',
    async (fixture) => {
      await fixture.write(fixture.site, fixture.volume, [{ path: 'a', content: 'one', modifiedMs: 1e12 }]);
      await replicated(fixture, 1);
      await fixture.write(fixture.site, fixture.volume, [{ path: 'a', content: 'two', modifiedMs: 1e12 }]);
      const outcome = await outcomeOf(fixture.driver.sync(passOf(fixture, 1, { final: true }), quietly()));
      // Size and time of "a" say nothing changed: a final pass may copy it all the same or refuse, but never prove it equal.
      expect(['done', 'SyncMismatch']).toContain(outcome);
      if (outcome === 'done') await expectEqualTrees(fixture);
    },
    'times of files lie',
  ),
  sync(
    'With `final`, the digests of both sides are computed from content after the copy; when they differ it throws `SyncMismatch`.',
    async (fixture) => {
      await fixture.write(fixture.site, fixture.volume, manyFiles(60, 'first'));
      await replicated(fixture, 1);
      const context = await fixture.disturbed(fixture.site, fixture.volume);
      await expectFailure(fixture.driver.sync(passOf(fixture, 1, { final: true }), context), 'SyncMismatch');
    },
    'something still writes',
  ),
];

const progressRules: readonly ContractRule<ReplicationFixture>[] = [
  rulesOf<ReplicationFixture>('Progress.doing')(
    'What is being done, in words: "comparing", "copying orders.log".',
    async (fixture) => {
      await activeSource(fixture, 1);
      const context = watched();
      await fixture.driver.sync(passOf(fixture, 1), context);
      expect(context.messages.length).toBeGreaterThan(0);
      expect(context.messages.filter((message) => message.doing.trim() === '')).toEqual([]);
    },
  ),
];

export const replicationSyncRules = [...transferRules, ...guardRules, ...finalRules, ...progressRules];
