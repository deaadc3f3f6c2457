import { type ContractRule, expectFailure, expectNoChange, mutation, outcomeOf, quietly, rulesOf } from './contract';
import type { WorkloadFixture } from './workload-fixture';

const fence = rulesOf<WorkloadFixture>('WorkloadDriver.fence');
const unfence = rulesOf<WorkloadFixture>('WorkloadDriver.unfence');
const fencing = rulesOf<WorkloadFixture>('WorkloadDriver.fencing');

const survives = 'The fence survives restarts of everything and is never lowered by a later call with a lower epoch.';

async function runWriter(fixture: WorkloadFixture, epoch: number): Promise<void> {
  const { driver, site, workloads } = fixture;
  await driver.start(site, workloads.wellBehaved, mutation(fixture, epoch), quietly());
  expect(await acknowledgedSoon(fixture)).toBe(true);
}

/** "Running" is not yet "healthy": the first writes may find nobody at home. */
async function acknowledgedSoon(fixture: WorkloadFixture): Promise<boolean> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await fixture.write(fixture.site, fixture.workloads.wellBehaved)) return true;
    await new Promise((resolve) => setTimeout(resolve, tries === 0 ? 0 : 25));
  }
  return false;
}

const fenceRules: readonly ContractRule<WorkloadFixture>[] = [
  fence(
    "From the moment of return, nothing of the group with an epoch lower than the mutation's gets a write acknowledged at the site.",
    async (fixture) => {
      const { driver, site, workloads } = fixture;
      await runWriter(fixture, 1);
      const fenced = await driver.fence(site, mutation(fixture, 2), quietly());
      expect(fenced).toMatchObject({ site: site.name, fencing: 'fenced', epoch: 2 });
      for (let tries = 0; tries < 5; tries += 1) {
        expect(await fixture.write(site, workloads.wellBehaved)).toBe(false);
      }
    },
    'a running workload of a lower epoch',
  ),
  fence(
    "From the moment of return, nothing of the group with an epoch lower than the mutation's gets a write acknowledged at the site.",
    async (fixture) => {
      await runWriter(fixture, 2);
      await fixture.driver.fence(fixture.site, mutation(fixture, 2), quietly());
      expect(await acknowledgedSoon(fixture)).toBe(true);
    },
    'the epoch of the fence itself goes on writing',
  ),
  fence(
    survives,
    async (fixture) => {
      const { driver, site, workloads } = fixture;
      await runWriter(fixture, 1);
      await driver.fence(site, mutation(fixture, 5), quietly());
      const later = await fixture.restarted();
      expect(await later.fencing(site, fixture.group, quietly())).toMatchObject({ fencing: 'fenced', epoch: 5 });
      await expectFailure(later.start(site, workloads.another, mutation(fixture, 4), quietly()), 'Fenced');
      expect(await fixture.write(site, workloads.wellBehaved)).toBe(false);
    },
    'restarts',
  ),
  fence(
    survives,
    async (fixture) => {
      const { driver, site } = fixture;
      await driver.fence(site, mutation(fixture, 5), quietly());
      expect(['done', 'Fenced']).toContain(await outcomeOf(driver.fence(site, mutation(fixture, 3), quietly())));
      expect(await driver.fencing(site, fixture.group, quietly())).toMatchObject({ fencing: 'fenced', epoch: 5 });
    },
    'a lower epoch',
  ),
];

const unfenceRules: readonly ContractRule<WorkloadFixture>[] = [
  unfence('Lets the epoch of the mutation (and higher ones) write at the site.', async (fixture) => {
    const { driver, site } = fixture;
    await driver.fence(site, mutation(fixture, 3), quietly());
    const state = await driver.unfence(site, mutation(fixture, 3), quietly());
    expect(state).toMatchObject({ site: site.name, fencing: 'unfenced' });
    await runWriter(fixture, 3);
  }),
  unfence(
    'Lets the epoch of the mutation (and higher ones) write at the site.',
    async (fixture) => {
      await fixture.driver.unfence(fixture.site, mutation(fixture, 3), quietly());
      await runWriter(fixture, 4);
    },
    'a higher one',
  ),
  unfence('Lower epochs stay fenced out.', async (fixture) => {
    const { driver, site, workloads } = fixture;
    await driver.fence(site, mutation(fixture, 3), quietly());
    await driver.unfence(site, mutation(fixture, 3), quietly());
    await expectFailure(driver.start(site, workloads.another, mutation(fixture, 2), quietly()), 'Fenced');
  }),
  unfence(
    'Lower epochs stay fenced out.',
    async (fixture) => {
      const { driver, site, workloads } = fixture;
      await driver.fence(site, mutation(fixture, 3), quietly());
      await expectFailure(driver.unfence(site, mutation(fixture, 2), quietly()), 'Fenced');
      await expectFailure(driver.start(site, workloads.another, mutation(fixture, 2), quietly()), 'Fenced');
    },
    'a lower epoch cannot let itself in',
  ),
];

const readsFence = 'Reads the fence of the group at the site; `unconfirmed` when the site does not answer.';

const fencingRules: readonly ContractRule<WorkloadFixture>[] = [
  fencing(
    readsFence,
    async (fixture) => {
      const { driver, site, peer, group } = fixture;
      await driver.fence(site, mutation(fixture, 2), quietly());
      expect(await driver.fencing(site, group, quietly())).toMatchObject({ fencing: 'fenced', epoch: 2 });
      expect(await driver.fencing(peer, group, quietly())).toMatchObject({ fencing: 'unfenced' });
      expect(await driver.fencing(site, 'another-group', quietly())).toMatchObject({ fencing: 'unfenced' });
    },
    'each site and group has its own',
  ),
  fencing(
    readsFence,
    async (fixture) => {
      await fixture.driver.fence(fixture.site, mutation(fixture, 2), quietly());
      await fixture.isolate(fixture.site);
      const state = await fixture.driver.fencing(fixture.site, fixture.group, quietly());
      expect(state.fencing).toBe('unconfirmed');
      expect(state.epoch).toBeUndefined();
    },
    'no answer',
  ),
  fencing('Changes nothing.', async (fixture) => {
    await expectNoChange(fixture, () => fixture.driver.fencing(fixture.site, fixture.group, quietly()));
  }),
];

export const workloadFenceRules = [...fenceRules, ...unfenceRules, ...fencingRules];
