import { copyOf } from '../../core/model/drill';
import type { Mutation } from '../../drivers/ports';
import { type ContractRule, expectFailure, expectNoChange, mutation, outcomeOf, quietly, rulesOf } from './contract';
import { everyMethod } from './every-method';
import { copyRequest } from './replication-copy-rules';
import type { ReplicationFixture } from './replication-fixture';
import { captureOf, restoreOf } from './replication-point-rules';
import { manyFiles, orders, passOf, replicated } from './replication-steps';

/** A step of a run, about the copy of the group. */
const stepOf = (fixture: ReplicationFixture, run: string, step: string, epoch = 1): Mutation => ({
  ...mutation(fixture, epoch, `${run}/${step}`),
  group: copyOf(fixture.group),
});

/** The copy of run-1 at the peer, with three orders, and room for another one at the site. */
async function copied(fixture: ReplicationFixture): Promise<void> {
  await replicated(fixture, 1);
  await fixture.prepareCopy(fixture.peer, 'run-1/prepare');
  await fixture.prepareCopy(fixture.site, 'run-1/prepare');
  await fixture.driver.copy(copyRequest(fixture, 'latest', { epoch: 1 }), quietly());
}

/** Replication between copies goes the other way: from the copy at the standby to the one at the active site. */
const passBack = (fixture: ReplicationFixture, by: Mutation) =>
  passOf(fixture, by.epoch, { ...by, source: fixture.peer, target: fixture.site });

type Change = (fixture: ReplicationFixture, by: Mutation) => Promise<unknown>;

/** Each mutation of the copy at the site. */
const changes: Readonly<Record<'sync' | 'capture' | 'restore' | 'claim', Change>> = {
  sync: (f, by) => f.driver.sync(passBack(f, by), quietly()),
  capture: (f, by) => f.driver.capture({ ...captureOf(f, 1), ...by }, quietly()),
  restore: (f, by) => f.driver.restore({ ...restoreOf(f, 1, 'latest'), ...by }, quietly()),
  claim: (f, by) => f.driver.claim(f.site, f.volume, by, quietly()),
};

const every = rulesOf<ReplicationFixture>('every method');

const refusals = Object.entries(changes).flatMap(([name, change]) => [
  every(
    everyMethod.copiesAreOfOneRun,
    async (fixture) => {
      await copied(fixture);
      await fixture.removeCopy(fixture.site, 'run-1/remove');
      await expectNoChange(fixture, () =>
        expectFailure(change(fixture, stepOf(fixture, 'run-1', name)), 'StaleAttempt'),
      );
    },
    `${name} after the removal`,
  ),
  every(
    everyMethod.copiesAreOfOneRun,
    async (fixture) => {
      await copied(fixture);
      await expectNoChange(fixture, () =>
        expectFailure(change(fixture, stepOf(fixture, 'run-2', name)), 'StaleAttempt'),
      );
    },
    `${name} of another run`,
  ),
]);

const removedMeanwhile = every(
  everyMethod.copiesAreOfOneRun,
  async (fixture) => {
    await replicated(fixture, 1);
    await fixture.prepareCopy(fixture.peer, 'run-1/prepare');
    await fixture.driver.copy(copyRequest(fixture, 'latest', { epoch: 1 }), quietly());
    let outcome = 'done';
    // A pass that has ended before its target was removed was in order: then one of more files is removed under.
    for (let files = 60; outcome === 'done' && files <= 8000; files *= 2) {
      await fixture.writeCopy(fixture.peer, fixture.volume, manyFiles(files, `of the copy, ${files}`));
      await fixture.prepareCopy(fixture.site, 'run-1/prepare');
      let removed: Promise<void> | undefined;
      const progress = (): void => void (removed ??= fixture.removeCopy(fixture.site, 'run-1/remove'));
      const pass = passBack(fixture, stepOf(fixture, 'run-1', `sync-${files}`));
      outcome = await outcomeOf(fixture.driver.sync(pass, { ...quietly(), progress }));
      await removed;
      expect(await fixture.prepareCopy(fixture.site, `run-of-${files}/prepare`)).toEqual([]);
      await fixture.removeCopy(fixture.site, `run-of-${files}/remove`);
    }
    expect(outcome).toBe('StaleAttempt');
  },
  'a pass during which the target is removed',
);

const roundTrip = rulesOf<ReplicationFixture>('ReplicationDriver.sync')(
  'Makes the target a replica of the source.',
  async (fixture) => {
    const { driver, site, peer, volume, group } = fixture;
    await copied(fixture);
    const production = async () => [
      await driver.observe(site, group, [volume], quietly()),
      await driver.observe(peer, group, [volume], quietly()),
    ];
    const before = await production();
    await fixture.writeCopy(peer, volume, [orders(5)]);
    await driver.sync(passBack(fixture, stepOf(fixture, 'run-1', 'sync')), quietly());
    await fixture.writeCopy(peer, volume, [orders(8)]);
    const last = { ...passBack(fixture, stepOf(fixture, 'run-1', 'final', 2)), final: true };
    const { proof } = await driver.sync(last, quietly());
    expect(proof?.targetDigest).toBe(proof?.sourceDigest);
    const claimed = await driver.claim(site, volume, stepOf(fixture, 'run-1', 'claim', 2), quietly());
    expect(claimed).toMatchObject({ role: 'active', epoch: 2, records: 8 });
    // Its epochs are its own as well: replication of production, at a lower one, goes on.
    expect(await production()).toEqual(before);
    await driver.sync(passOf(fixture, 1), quietly());
  },
  'from one copy of a drill to another, beside production',
);

export const copiesOfRunRules: readonly ContractRule<ReplicationFixture>[] = [...refusals, removedMeanwhile, roundTrip];
