import { type ContractRule, expectNoChange, mutation, quietly, rulesOf } from './contract';
import type { WorkloadFixture } from './workload-fixture';

const siteHealth = rulesOf<WorkloadFixture>('WorkloadDriver.siteHealth');
const connectivity = rulesOf<WorkloadFixture>('WorkloadDriver.connectivity');
const inspect = rulesOf<WorkloadFixture>('WorkloadDriver.inspect');

const triesTheWay = 'Tries the way from one site to the other, as replication will use it.';

export const workloadLookRules: readonly ContractRule<WorkloadFixture>[] = [
  siteHealth(
    'Says whether the site answers, and what of it is in order.',
    async ({ driver, site }) => {
      const health = await driver.siteHealth(site, quietly());
      expect(health).toMatchObject({ site: site.name, reachable: true });
      expect(health.findings.length).toBeGreaterThan(0);
      expect(health.findings.filter((finding) => !finding.ok || finding.saw === '')).toEqual([]);
    },
    'it answers',
  ),
  siteHealth(
    'Says whether the site answers, and what of it is in order.',
    async (fixture) => {
      await fixture.isolate(fixture.site);
      const health = await fixture.driver.siteHealth(fixture.site, quietly());
      expect(health.reachable).toBe(false);
      expect(health.findings.filter((finding) => finding.ok)).toEqual([]);
    },
    'it does not',
  ),
  siteHealth('Changes nothing.', async (fixture) => {
    await expectNoChange(fixture, () => fixture.driver.siteHealth(fixture.site, quietly()));
  }),
  connectivity(
    triesTheWay,
    async ({ driver, site, peer }) => {
      const way = await driver.connectivity(site, peer, quietly());
      expect(way).toMatchObject({ from: site.name, to: peer.name, ok: true });
      expect(way.latencyMs).toBeGreaterThanOrEqual(0);
    },
    'connected',
  ),
  connectivity(
    triesTheWay,
    async (fixture) => {
      await fixture.isolate(fixture.peer);
      const way = await fixture.driver.connectivity(fixture.site, fixture.peer, quietly());
      expect(way.ok).toBe(false);
      expect(way.latencyMs).toBeUndefined();
      expect(way.saw).toMatch(/./);
    },
    'the other site is cut off',
  ),
  connectivity('Changes nothing.', async (fixture) => {
    await expectNoChange(fixture, () => fixture.driver.connectivity(fixture.site, fixture.peer, quietly()));
  }),
  inspect('Looks at each workload, in the order given.', async (fixture) => {
    const { driver, site, workloads } = fixture;
    await driver.start(site, workloads.another, mutation(fixture, 2), quietly());
    const asked = [workloads.wellBehaved, workloads.another, workloads.stubborn];
    const seen = await driver.inspect(site, fixture.group, asked, quietly());
    expect(seen.map((one) => one.workload)).toEqual(asked.map((one) => one.name));
    expect(seen.map((one) => one.status)).toEqual(['stopped', 'running', 'stopped']);
    expect(seen[1]).toMatchObject({ site: site.name, epoch: 2, replicas: 1 });
    expect(seen.filter((one) => one.saw === '')).toEqual([]);
  }),
  inspect('A workload that was never started is stopped.', async (fixture) => {
    const { driver, peer, group, workloads } = fixture;
    const [seen] = await driver.inspect(peer, group, [workloads.another], quietly());
    expect(seen).toMatchObject({ workload: workloads.another.name, site: peer.name, status: 'stopped', replicas: 0 });
    expect(seen?.epoch).toBeUndefined();
  }),
  inspect('Changes nothing.', async (fixture) => {
    const { driver, site, group, workloads } = fixture;
    await driver.start(site, workloads.another, mutation(fixture, 2), quietly());
    await expectNoChange(fixture, () =>
      driver.inspect(site, group, [workloads.another, workloads.wellBehaved], quietly()),
    );
  }),
];
