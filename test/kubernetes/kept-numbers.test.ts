import type { RecoveryPlan } from '../../core/model/plan';
import type { ProtectionState } from '../../core/model/protection';
import type { Cluster } from '../../lab/kubernetes/cluster/start-cluster';
import { until } from '../integration/faults/until';
import { podsIn } from './lab/pods-in';
import { pathIn } from './shop/shop-objects';
import { startShopLab, type ShopLab } from './shop/shop-lab';

let lab: ShopLab;
beforeAll(async () => void (lab = await startShopLab()));
afterAll(async () => lab.tearDown());

/** The runbook says 2 of the API; at home its users run 3. */
const everything = { agent: 2, api: 3, queue: 2, 'web-one': 1, 'web-two': 1 };

const podsAt = async (cluster: Cluster) => podsIn(cluster, lab.namespace);

async function scaleApi(cluster: Cluster, replicas: number): Promise<void> {
  await cluster.client.patch(`${pathIn(lab.namespace, 'deployments', 'api')}/scale`, { spec: { replicas } });
  await until(`${replicas} pods of the API are there`, async () => (await podsAt(cluster))['api'] === replicas);
}

const apiOfGroup = async () => ((await lab.state()) as ProtectionState | null)?.instances?.['api'];

/** The site of the standby starts without an answer of the other cluster. */
async function loseHome(): Promise<RecoveryPlan> {
  await lab.clusters.alpha.killApiServer();
  const handle = await lab.run('failover', { mode: 'unplanned' });
  await lab.until(handle, (status) => status.waitingFor.some(({ kind }) => kind === 'declare-lost'));
  await handle.executeUpdate('decide', { args: [{ gate: 'declare-lost/paris', by: 'ana', decision: 'approve' }] });
  await expect(handle.result()).resolves.toMatchObject({ verdict: 'completed' });
  return handle.query<RecoveryPlan>('plan');
}

async function bringHome(): Promise<void> {
  await lab.clusters.alpha.restartApiServer();
  await lab.complete('reprotect');
  await lab.complete('failback');
}

test('the group knows the numbers of the active site before any run', async () => {
  await until('the group has looked', async () => (await apiOfGroup()) !== undefined);
  const { instances } = await lab.state();
  const seenAt = expect.any(String);
  expect(instances).toEqual({
    queue: { replicas: 2, seenAt },
    api: { replicas: 3, seenAt },
    web: { wanted: { 'web-one': 1, 'web-two': 1 }, seenAt },
    agent: { replicas: 2, seenAt },
    report: { replicas: 1, seenAt },
  });
});

test('a first failover ever, of a cluster that does not answer: the standby starts what ran there', async () => {
  const plan = await loseHome();
  expect(await podsAt(lab.clusters.beta)).toEqual(everything);
  expect(plan.steps.find(({ id }) => id.startsWith('start-workload/api'))?.input.instances).toEqual({ replicas: 3 });
  expect(plan.unseen).toMatchObject({ site: 'paris', seenAt: { api: expect.any(String) } });
  await bringHome();
  expect(await podsAt(lab.clusters.alpha)).toEqual(everything);
});

test('home is scaled between two failovers: as many start as there are now, not as the standby had the last time', async () => {
  await scaleApi(lab.clusters.alpha, 5);
  await lab.complete('failover');
  expect(await podsAt(lab.clusters.beta)).toEqual({ ...everything, api: 5 });
  expect(await apiOfGroup()).toMatchObject({ replicas: 5 });
  await lab.complete('reprotect');
  await lab.complete('failback');
  expect(await podsAt(lab.clusters.alpha)).toEqual({ ...everything, api: 5 });
});

test('and so does a standby that cannot ask, of what a run has seen that changed nothing', async () => {
  await scaleApi(lab.clusters.alpha, 4);
  const refused = await lab.run('failover', { expectPlan: 'another' });
  await expect(refused.result()).rejects.toThrow();
  expect(await apiOfGroup()).toMatchObject({ replicas: 4 });
  await loseHome();
  expect(await podsAt(lab.clusters.beta)).toEqual({ ...everything, api: 4 });
  const { events } = await lab.handle((await lab.state()).runs[0]?.workflowId ?? '').fetchHistory();
  const summaries = (events ?? []).map(({ userMetadata }) => String(userMetadata?.summary?.data ?? ''));
  expect(summaries).toContainEqual(
    expect.stringMatching(/^"start api at berlin \(4, as last seen at paris .* ago\)"$/),
  );
});
