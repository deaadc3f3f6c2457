import {
  cancelledAt,
  type ContractRule,
  describeContract,
  expectFailure,
  expectNoChange,
  mutation,
  outcomeOf,
  quietly,
  rulesOf,
} from './contract';
import { everyMethod } from './every-method';
import type { ReplicationFixture } from './replication-fixture';
import { copiesOfRunRules } from './replication-copies-of-run';
import { replicationCopyRules } from './replication-copy-rules';
import { captureOf, replicationPointRules, restoreOf } from './replication-point-rules';
import { activeSource, manyFiles, orders, passOf, replicated } from './replication-steps';
import { replicationSyncRules } from './replication-sync-rules';
import { replicationThinRules } from './replication-thin-rules';

const every = rulesOf<ReplicationFixture>('every method');

const { repeatable, refusesLowerEpochs, honest, unreachable, cancellable } = everyMethod;

type Call = (fixture: ReplicationFixture, epoch: number, key?: string) => Promise<unknown>;

const withKey = <T extends { operationKey: string }>(request: T, key: string | undefined): T =>
  key === undefined ? request : { ...request, operationKey: key };

/** Each mutation, on the side that it changes. `sync` changes the peer, the others the site. */
const calls: Readonly<Record<'sync' | 'capture' | 'restore' | 'claim', Call>> = {
  sync: (f, epoch, key) => f.driver.sync(withKey(passOf(f, epoch), key), quietly()),
  capture: (f, epoch, key) => f.driver.capture(withKey(captureOf(f, epoch), key), quietly()),
  restore: (f, epoch, key) => f.driver.restore(withKey(restoreOf(f, epoch, 'latest'), key), quietly()),
  claim: (f, epoch, key) => f.driver.claim(f.site, f.volume, mutation(f, epoch, key), quietly()),
};

const repeatRules = Object.entries(calls).map(([name, call]) =>
  every(
    repeatable,
    async (fixture) => {
      await activeSource(fixture, 2);
      const first = await call(fixture, 2, 'run/repeated');
      await expectNoChange(fixture, async () => expect(await call(fixture, 2, 'run/repeated')).toEqual(first));
    },
    name,
  ),
);

const fencedRules = (['sync', 'capture', 'restore', 'claim'] as const).map((name) =>
  every(
    refusesLowerEpochs,
    async (fixture) => {
      await activeSource(fixture, 2);
      await fixture.fence(name === 'sync' ? fixture.peer : fixture.site, 3);
      await expectFailure(calls[name](fixture, 2), 'Fenced', /\b[23]\b/);
    },
    `${name}, fence`,
  ),
);

const unreachableRules = Object.entries(calls).map(([name, call]) =>
  every(
    unreachable,
    async (fixture) => {
      await activeSource(fixture, 2);
      await fixture.isolate(fixture.site);
      await expectFailure(call(fixture, 2), 'SiteUnreachable', new RegExp(fixture.site.name));
      await fixture.reconnect(fixture.site);
      await fixture.fence(fixture.site, 2);
      await call(fixture, 2);
    },
    name,
  ),
);

const generalRules: readonly ContractRule<ReplicationFixture>[] = [
  ...repeatRules,
  every(
    repeatable,
    async (fixture) => {
      await activeSource(fixture, 2);
      const first = await calls.sync(fixture, 2, 'run/repeated');
      await fixture.write(fixture.site, fixture.volume, [orders(9)]);
      const replica = await fixture.tree(fixture.peer, fixture.volume);
      expect(await calls.sync(fixture, 2, 'run/repeated')).toEqual(first);
      expect(await fixture.tree(fixture.peer, fixture.volume)).toEqual(replica);
    },
    'sync, after later writes',
  ),
  every(
    repeatable,
    async (fixture) => {
      const { driver, site, volume } = fixture;
      await activeSource(fixture, 2);
      const point = await driver.capture(captureOf(fixture, 2), quietly());
      await fixture.write(site, volume, [orders(5)]);
      await driver.restore(withKey(restoreOf(fixture, 2, point.id), 'run/repeated'), quietly());
      await fixture.write(site, volume, [orders(4)]);
      const later = await fixture.tree(site, volume);
      await driver.restore(withKey(restoreOf(fixture, 2, point.id), 'run/repeated'), quietly());
      expect(await fixture.tree(site, volume)).toEqual(later);
    },
    'restore, after later writes',
  ),
  ...fencedRules,
  every(
    refusesLowerEpochs,
    async (fixture) => {
      const { driver, peer, volume } = fixture;
      await activeSource(fixture, 3);
      await fixture.write(peer, volume, [orders(5)]);
      await driver.claim(peer, volume, mutation(fixture, 2), quietly());
      await expectFailure(calls.sync(fixture, 1), 'StaleEpoch', /\b[12]\b/);
    },
    'sync, data of a higher epoch',
  ),
  ...(['restore', 'claim'] as const).map((name) =>
    every(
      refusesLowerEpochs,
      async (fixture) => {
        await activeSource(fixture, 3);
        await expectFailure(calls[name](fixture, 2), 'StaleEpoch', /\b[23]\b/);
      },
      `${name}, data of a higher epoch`,
    ),
  ),
  every(honest, async (fixture) => {
    const { driver, site, group, volume } = fixture;
    const [seen] = await driver.observe(site, group, [volume], quietly());
    expect(seen).toMatchObject({ role: 'empty', epoch: 0 });
    expect(seen?.asOf).toBeUndefined();
  }),
  ...unreachableRules,
  every(
    unreachable,
    async (fixture) => {
      await activeSource(fixture, 1);
      await fixture.isolate(fixture.peer);
      await expectFailure(calls.sync(fixture, 1), 'SiteUnreachable', new RegExp(fixture.peer.name));
    },
    'sync, the target',
  ),
  every(
    unreachable,
    async (fixture) => {
      const { driver, site, group, volume } = fixture;
      await fixture.isolate(site);
      await expectFailure(driver.observe(site, group, [volume], quietly()), 'SiteUnreachable');
      const policy = { group, rules: [], now: new Date().toISOString() };
      await expectFailure(driver.thin(site, volume, policy, quietly()), 'SiteUnreachable');
    },
    'observe and thin',
  ),
  every(cancellable, async (fixture) => {
    await fixture.write(fixture.site, fixture.volume, manyFiles(60, 'first'));
    await replicated(fixture, 1);
    await fixture.write(fixture.site, fixture.volume, manyFiles(60, 'second'));
    const request = passOf(fixture, 1);
    expect(await outcomeOf(fixture.driver.sync(request, cancelledAt(1)))).not.toBe('done');
    await fixture.driver.sync(request, quietly());
    const source = await fixture.tree(fixture.site, fixture.volume);
    expect(await fixture.tree(fixture.peer, fixture.volume)).toEqual(source);
  }),
];

export const replicationRules = [
  ...replicationPointRules,
  ...replicationSyncRules,
  ...replicationThinRules,
  ...replicationCopyRules,
  ...copiesOfRunRules,
  ...generalRules,
];

/** One test a sentence of `ReplicationDriver` in drivers/ports.ts. */
export function describeReplicationContract(name: string, setUp: () => Promise<ReplicationFixture>): void {
  describeContract(name, replicationRules, setUp);
}
