import {
  cancelledAt,
  type ContractRule,
  describeContract,
  expectFailure,
  mutation,
  quietly,
  rulesOf,
} from './contract';
import { everyMethod } from './every-method';
import type { WorkloadFixture } from './workload-fixture';
import { workloadCopyRules } from './workload-copy-rules';
import { workloadFenceRules } from './workload-fence-rules';
import { workloadInstanceRules } from './workload-instance-rules';
import { workloadLookRules } from './workload-look-rules';

const every = rulesOf<WorkloadFixture>('every method');

const { repeatable, refusesLowerEpochs, honest, unreachable, cancellable } = everyMethod;

type Call = (fixture: WorkloadFixture, key: string) => Promise<unknown>;

const calls: Readonly<Record<'start' | 'stop' | 'fence' | 'unfence', Call>> = {
  start: (f, key) => f.driver.start(f.site, f.workloads.another, mutation(f, 2, key), quietly()),
  stop: (f, key) => f.driver.stop(f.site, f.workloads.another, mutation(f, 2, key), quietly()),
  fence: (f, key) => f.driver.fence(f.site, mutation(f, 2, key), quietly()),
  unfence: (f, key) => f.driver.unfence(f.site, mutation(f, 2, key), quietly()),
};

/** The words in `saw` may differ between two answers, the facts may not. */
const factsOf = (answer: unknown): unknown => ({ ...(answer as object), saw: undefined });

const generalRules: readonly ContractRule<WorkloadFixture>[] = [
  ...Object.entries(calls).map(([name, call]) =>
    every(
      repeatable,
      async (fixture) => {
        if (name === 'stop') await calls.start(fixture, 'run/start');
        const first = await call(fixture, 'run/repeated');
        const before = await fixture.state();
        const second = await call(fixture, 'run/repeated');
        expect(factsOf(second)).toEqual(factsOf(first));
        expect(await fixture.state()).toEqual(before);
      },
      name,
    ),
  ),
  ...(['start', 'stop', 'unfence'] as const).map((name) =>
    every(
      refusesLowerEpochs,
      async (fixture) => {
        await fixture.driver.fence(fixture.site, mutation(fixture, 3), quietly());
        await expectFailure(calls[name](fixture, 'run/late'), 'Fenced');
      },
      `${name}, fence`,
    ),
  ),
  every(
    refusesLowerEpochs,
    async (fixture) => {
      const { driver, site, workloads } = fixture;
      await driver.start(site, workloads.another, mutation(fixture, 3), quietly());
      await expectFailure(calls.start(fixture, 'run/late'), 'StaleEpoch');
    },
    'start, running instance of a higher epoch',
  ),
  every(honest, async (fixture) => {
    const { driver, site, group, workloads } = fixture;
    await driver.start(site, workloads.unstoppable, mutation(fixture, 1), quietly());
    await expectFailure(driver.stop(site, workloads.unstoppable, mutation(fixture, 1), quietly()), 'StopFailed');
    const [seen] = await driver.inspect(site, group, [workloads.unstoppable], quietly());
    expect(seen?.status).not.toBe('stopped');
  }),
  ...Object.entries(calls).map(([name, call]) =>
    every(
      unreachable,
      async (fixture) => {
        await fixture.isolate(fixture.site);
        await expectFailure(call(fixture, 'run/cut-off'), 'SiteUnreachable', new RegExp(fixture.site.name));
        await fixture.reconnect(fixture.site);
        await expect(fixture.driver.siteHealth(fixture.site, quietly())).resolves.toMatchObject({ reachable: true });
      },
      name,
    ),
  ),
  every(
    unreachable,
    async (fixture) => {
      await fixture.isolate(fixture.site);
      const call = fixture.driver.inspect(fixture.site, fixture.group, [fixture.workloads.another], quietly());
      await expectFailure(call, 'SiteUnreachable');
    },
    'inspect',
  ),
  every(cancellable, async (fixture) => {
    const { driver, site, workloads } = fixture;
    const patient = { ...workloads.stubborn, stopGraceSeconds: 600 };
    await driver.start(site, patient, mutation(fixture, 1), quietly());
    await expect(driver.stop(site, patient, mutation(fixture, 1, 'run/stop'), cancelledAt(1))).rejects.toBeDefined();
    const [seen] = await driver.inspect(site, fixture.group, [patient], quietly());
    expect(seen?.status).toBe('running');
    const again = await driver.stop(site, workloads.stubborn, mutation(fixture, 1, 'run/stop'), quietly());
    expect(again.status).toBe('stopped');
  }),
];

export const workloadRules = [
  ...workloadLookRules,
  ...workloadInstanceRules,
  ...workloadFenceRules,
  ...workloadCopyRules,
  ...generalRules,
];

/** One test a sentence of `WorkloadDriver` in drivers/ports.ts. */
export function describeWorkloadContract(name: string, setUp: () => Promise<WorkloadFixture>): void {
  describeContract(name, workloadRules, setUp);
}
