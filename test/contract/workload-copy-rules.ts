import { copyOf } from '../../core/model/drill';
import type { Mutation } from '../../drivers/ports';
import { type ContractRule, expectFailure, expectNoChange, mutation, quietly, rulesOf } from './contract';
import { everyMethod } from './every-method';
import type { WorkloadFixture } from './workload-fixture';

const prepareCopy = rulesOf<WorkloadFixture>('WorkloadDriver.prepareCopy');
const removeCopy = rulesOf<WorkloadFixture>('WorkloadDriver.removeCopy');

/** A step of a run, about the copy of the group. */
const stepOf = (fixture: WorkloadFixture, run: string, step: string): Mutation => ({
  ...mutation(fixture, 1, `${run}/${step}`),
  group: copyOf(fixture.group),
});

async function started(fixture: WorkloadFixture, run: string): Promise<void> {
  const { driver, copy, workloads } = fixture;
  await driver.prepareCopy(copy, stepOf(fixture, run, 'prepare'), quietly());
  await driver.start(copy, workloads.wellBehaved, stepOf(fixture, run, 'start'), quietly());
}

const statusOf = async ({ driver, copy, group, workloads }: WorkloadFixture) =>
  (await driver.inspect(copy, copyOf(group), [workloads.wellBehaved], quietly()))[0]?.status;

const start = (fixture: WorkloadFixture, run: string) =>
  fixture.driver.start(fixture.copy, fixture.workloads.another, stepOf(fixture, run, 'start-another'), quietly());

const makesRoom =
  'Makes room at the site for the copy of a drill: removes what an earlier one left, and lets the run of the mutation, and no other, start workloads of the copy and copy volumes for it; those of every other run are refused with `StaleAttempt`.';
const goneForGood =
  "Ends every process of the copy and removes all that is kept of it; returns when nothing is left, not even a trace of the driver's own.";

const prepareRules: readonly ContractRule<WorkloadFixture>[] = [
  prepareCopy(
    makesRoom,
    async (fixture) => {
      await started(fixture, 'run-1');
      const { removed } = await fixture.driver.prepareCopy(
        fixture.copy,
        stepOf(fixture, 'run-2', 'prepare'),
        quietly(),
      );
      expect(removed).toContain(fixture.workloads.wellBehaved.name);
      expect(await statusOf(fixture)).toBe('stopped');
      await expectFailure(start(fixture, 'run-1'), 'StaleAttempt');
      await start(fixture, 'run-2');
    },
    'what an earlier one left',
  ),
  prepareCopy(
    makesRoom,
    async (fixture) => {
      await expectFailure(start(fixture, 'run-1'), 'StaleAttempt');
    },
    'nothing is prepared',
  ),
  prepareCopy(
    makesRoom,
    async (fixture) => {
      await started(fixture, 'run-1');
      await fixture.driver.prepareCopy(fixture.copy, stepOf(fixture, 'run-1', 'prepare'), quietly());
      expect(await statusOf(fixture)).toBe('running');
    },
    'repeated, it removes nothing of its own run',
  ),
  prepareCopy('Refuses a group that is no copy (core/model/drill.ts) with `InvalidInput`.', async (fixture) => {
    const { driver, site, workloads } = fixture;
    await driver.start(site, workloads.wellBehaved, mutation(fixture, 1), quietly());
    await expectNoChange(fixture, async () => {
      await expectFailure(driver.prepareCopy(site, mutation(fixture, 1), quietly()), 'InvalidInput');
      await expectFailure(driver.removeCopy(site, mutation(fixture, 1), quietly()), 'InvalidInput');
    });
  }),
];

const removeRules: readonly ContractRule<WorkloadFixture>[] = [
  removeCopy(
    goneForGood,
    async (fixture) => {
      const { driver, site, copy, workloads, group } = fixture;
      await driver.start(site, workloads.another, mutation(fixture, 1), quietly());
      const before = await fixture.state();
      await started(fixture, 'run-1');
      await driver.start(copy, workloads.stubborn, stepOf(fixture, 'run-1', 'start-stubborn'), quietly());
      const { removed } = await driver.removeCopy(copy, stepOf(fixture, 'run-1', 'remove'), quietly());
      expect(removed).toEqual(expect.arrayContaining([workloads.stubborn.name, workloads.wellBehaved.name]));
      expect(await statusOf(fixture)).toBe('stopped');
      expect(await fixture.state()).toEqual(before);
      const [production] = await driver.inspect(site, group, [workloads.another], quietly());
      expect(production?.status).toBe('running');
    },
    'beside the production of the same group',
  ),
  removeCopy('From then on the run cannot start or copy anything of it.', async (fixture) => {
    await started(fixture, 'run-1');
    await fixture.driver.removeCopy(fixture.copy, stepOf(fixture, 'run-1', 'remove'), quietly());
    await expectNoChange(fixture, () => expectFailure(start(fixture, 'run-1'), 'StaleAttempt'));
  }),
  removeCopy('The copy of another run is left alone.', async (fixture) => {
    await started(fixture, 'run-2');
    const { removed } = await fixture.driver.removeCopy(fixture.copy, stepOf(fixture, 'run-1', 'remove'), quietly());
    expect(removed).toEqual([]);
    expect(await statusOf(fixture)).toBe('running');
  }),
];

type Change = (fixture: WorkloadFixture, mutation: Mutation) => Promise<unknown>;

const changes: Readonly<Record<'start' | 'stop' | 'fence' | 'unfence', Change>> = {
  start: ({ driver, copy, workloads }, by) => driver.start(copy, workloads.wellBehaved, by, quietly()),
  stop: ({ driver, copy, workloads }, by) => driver.stop(copy, workloads.wellBehaved, by, quietly()),
  fence: ({ driver, copy }, by) => driver.fence(copy, by, quietly()),
  unfence: ({ driver, copy }, by) => driver.unfence(copy, by, quietly()),
};

const every = rulesOf<WorkloadFixture>('every method');

const oneRunRules = Object.entries(changes).flatMap(([name, change]) => [
  every(
    everyMethod.copiesAreOfOneRun,
    async (fixture) => {
      await started(fixture, 'run-1');
      await fixture.driver.removeCopy(fixture.copy, stepOf(fixture, 'run-1', 'remove'), quietly());
      await expectNoChange(fixture, () =>
        expectFailure(change(fixture, stepOf(fixture, 'run-1', name)), 'StaleAttempt'),
      );
    },
    `${name} after the removal`,
  ),
  every(
    everyMethod.copiesAreOfOneRun,
    async (fixture) => {
      await started(fixture, 'run-2');
      await expectNoChange(fixture, () =>
        expectFailure(change(fixture, stepOf(fixture, 'run-1', name)), 'StaleAttempt'),
      );
      expect(await statusOf(fixture)).toBe('running');
      await change(fixture, stepOf(fixture, 'run-2', name));
    },
    `${name} beside the copy of another run`,
  ),
]);

const fenceOfTheCopy = rulesOf<WorkloadFixture>('WorkloadDriver.fence')(
  "From the moment of return, nothing of the group with an epoch lower than the mutation's gets a write acknowledged at the site.",
  async (fixture) => {
    const { driver, site, group } = fixture;
    const before = await driver.fencing(site, group, quietly());
    await started(fixture, 'run-1');
    await driver.fence(fixture.copy, { ...stepOf(fixture, 'run-1', 'fence'), epoch: 7 }, quietly());
    await expectFailure(start(fixture, 'run-1'), 'Fenced');
    expect(await driver.fencing(site, group, quietly())).toEqual(before);
  },
  'the fence of the copy of a drill is its own',
);

export const workloadCopyRules = [...prepareRules, ...removeRules, ...oneRunRules, fenceOfTheCopy];
