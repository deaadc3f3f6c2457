import { type ContractRule, expectFailure, mutation, quietly, rulesOf, watched } from './contract';
import type { WorkloadFixture } from './workload-fixture';

const stop = rulesOf<WorkloadFixture>('WorkloadDriver.stop');
const start = rulesOf<WorkloadFixture>('WorkloadDriver.start');

const stopsUpToItsEpoch =
  "Stops every instance of the workload that was started with an epoch lower than or equal to the mutation's; an instance of a higher epoch is left alone and answers `StaleEpoch`.";
const proven = 'Returns only when the workload is proven stopped; otherwise throws `StopFailed` with what was seen.';
const askFirst = 'Asks politely, waits for the grace time, then ends it by force.';

const stopsInstanceOf = (startedWith: number, stoppedWith: number) => async (fixture: WorkloadFixture) => {
  const { driver, site, workloads } = fixture;
  await driver.start(site, workloads.wellBehaved, mutation(fixture, startedWith), quietly());
  const stopped = await driver.stop(site, workloads.wellBehaved, mutation(fixture, stoppedWith), quietly());
  expect(stopped).toMatchObject({ workload: workloads.wellBehaved.name, status: 'stopped', replicas: 0 });
  expect(await fixture.write(site, workloads.wellBehaved)).toBe(false);
};

const stopRules: readonly ContractRule<WorkloadFixture>[] = [
  stop(stopsUpToItsEpoch, stopsInstanceOf(3, 3), 'the same epoch'),
  stop(stopsUpToItsEpoch, stopsInstanceOf(2, 3), 'a lower epoch'),
  stop(
    stopsUpToItsEpoch,
    async (fixture) => {
      const { driver, site, workloads } = fixture;
      await driver.start(site, workloads.wellBehaved, mutation(fixture, 3), quietly());
      await expectFailure(
        driver.stop(site, workloads.wellBehaved, mutation(fixture, 2), quietly()),
        'StaleEpoch',
        /\b[23]\b/,
      );
      const [seen] = await driver.inspect(site, fixture.group, [workloads.wellBehaved], quietly());
      expect(seen).toMatchObject({ status: 'running', epoch: 3 });
    },
    'a higher epoch',
  ),
  stop(
    askFirst,
    async (fixture) => {
      const { driver, site, workloads } = fixture;
      await driver.start(site, workloads.wellBehaved, mutation(fixture, 1), quietly());
      await driver.stop(site, workloads.wellBehaved, mutation(fixture, 1), quietly());
      expect(await fixture.endedBy(site, workloads.wellBehaved)).toBe('request');
    },
    'one that listens is not forced',
  ),
  stop(
    askFirst,
    async (fixture) => {
      const { driver, site, workloads } = fixture;
      await driver.start(site, workloads.stubborn, mutation(fixture, 1), quietly());
      const stopped = await driver.stop(site, workloads.stubborn, mutation(fixture, 1), quietly());
      expect(stopped.status).toBe('stopped');
      expect(await fixture.endedBy(site, workloads.stubborn)).toBe('force');
    },
    'one that does not listen',
  ),
  stop(proven, async (fixture) => {
    const { driver, site, workloads } = fixture;
    await driver.start(site, workloads.unstoppable, mutation(fixture, 1), quietly());
    const call = driver.stop(site, workloads.unstoppable, mutation(fixture, 1), quietly());
    await expectFailure(call, 'StopFailed', new RegExp(workloads.unstoppable.name));
  }),
  stop('Stopping what is stopped succeeds.', async (fixture) => {
    const { driver, site, workloads } = fixture;
    const stopped = await driver.stop(site, workloads.another, mutation(fixture, 1), quietly());
    expect(stopped).toMatchObject({ workload: workloads.another.name, site: site.name, status: 'stopped' });
  }),
  stop(
    'A stop that was done, and that the start of another step has undone since, is refused with `StaleAttempt`.',
    async (fixture) => {
      const { driver, site, workloads } = fixture;
      const late = mutation(fixture, 2);
      await driver.start(site, workloads.another, mutation(fixture, 2), quietly());
      await driver.stop(site, workloads.another, late, quietly());
      await driver.start(site, workloads.another, mutation(fixture, 2), quietly());
      await expectFailure(driver.stop(site, workloads.another, late, quietly()), 'StaleAttempt');
      const [seen] = await driver.inspect(site, fixture.group, [workloads.another], quietly());
      expect(seen).toMatchObject({ status: 'running', epoch: 2 });
    },
  ),
];

const sameEpochCounts =
  'An instance of the same epoch that already runs counts as started; one of a lower epoch is refused with `StartFailed`.';

const startRules: readonly ContractRule<WorkloadFixture>[] = [
  start(
    'Starts the workload with the epoch of the mutation and returns when it is running, not yet when it is healthy.',
    async (fixture) => {
      const { driver, site, workloads } = fixture;
      const started = await driver.start(site, workloads.sick, mutation(fixture, 4), quietly());
      expect(started).toMatchObject({ workload: workloads.sick.name, site: site.name, status: 'running', epoch: 4 });
      const [seen] = await driver.inspect(site, fixture.group, [workloads.sick], quietly());
      expect(seen).toMatchObject({ status: 'running', epoch: 4, replicas: 1 });
    },
  ),
  start(
    sameEpochCounts,
    async (fixture) => {
      const { driver, site, workloads } = fixture;
      const first = await driver.start(site, workloads.another, mutation(fixture, 2), quietly());
      const before = await fixture.state();
      const second = await driver.start(site, workloads.another, mutation(fixture, 2), quietly());
      expect(second).toMatchObject({ status: first.status, epoch: 2, replicas: 1 });
      expect(await fixture.state()).toEqual(before);
    },
    'the same epoch',
  ),
  start(
    sameEpochCounts,
    async (fixture) => {
      const { driver, site, workloads } = fixture;
      await driver.start(site, workloads.another, mutation(fixture, 2), quietly());
      await expectFailure(driver.start(site, workloads.another, mutation(fixture, 3), quietly()), 'StartFailed');
      const [seen] = await driver.inspect(site, fixture.group, [workloads.another], quietly());
      expect(seen).toMatchObject({ status: 'running', epoch: 2 });
    },
    'a lower epoch',
  ),
  start('Refused with `Fenced` when the fence of the site is higher than the epoch.', async (fixture) => {
    const { driver, site, workloads } = fixture;
    await driver.fence(site, mutation(fixture, 3), quietly());
    await expectFailure(driver.start(site, workloads.another, mutation(fixture, 2), quietly()), 'Fenced', /\b[23]\b/);
    const [seen] = await driver.inspect(site, fixture.group, [workloads.another], quietly());
    expect(seen?.status).toBe('stopped');
  }),
  start('A workload that ends at once throws `StartFailed` with the last lines of its log.', async (fixture) => {
    const { driver, site, workloads } = fixture;
    const call = driver.start(site, workloads.endsAtOnce, mutation(fixture, 1), quietly());
    await expectFailure(call, 'StartFailed', new RegExp(fixture.lastWords));
  }),
];

const progressRules: readonly ContractRule<WorkloadFixture>[] = [
  rulesOf<WorkloadFixture>('CallContext.progress')('Called often while long work goes on.', async (fixture) => {
    const { driver, site, workloads } = fixture;
    await driver.start(site, workloads.stubborn, mutation(fixture, 1), quietly());
    const context = watched();
    await driver.stop(site, workloads.stubborn, mutation(fixture, 1), context);
    expect(context.messages.length).toBeGreaterThan(1);
  }),
];

export const workloadInstanceRules = [...stopRules, ...startRules, ...progressRules];
