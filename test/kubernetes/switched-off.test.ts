import type { RecoveryPlan } from '../../core/model/plan';
import type { Cluster } from '../../lab/kubernetes/cluster/start-cluster';
import { podsIn } from './lab/pods-in';
import { pathIn, type Collection } from './shop/shop-objects';
import { startShopLab, type ShopLab } from './shop/shop-lab';

let lab: ShopLab;
beforeAll(async () => void (lab = await startShopLab()));
afterAll(async () => lab.tearDown());

const everything = { agent: 2, api: 3, queue: 2, 'web-one': 1, 'web-two': 1 };
const whatIsOn = { api: 3, queue: 2, 'web-one': 1 };

const podsAt = async (cluster: Cluster) => podsIn(cluster, lab.namespace);

const set = async ({ client }: Cluster, [collection, name]: [Collection, string], spec: object): Promise<unknown> =>
  client.patch(pathIn(lab.namespace, collection, name), { spec });

/** As a person does it, of each kind one: all of a workload, or one object of several. */
async function switchAt(cluster: Cluster, to: 'on' | 'off'): Promise<void> {
  const off = to === 'off';
  const nodeSelector = { 'switchback.dev/stopped': off ? 'true' : null };
  await set(cluster, ['cronjobs', 'report'], { suspend: off });
  await set(cluster, ['deployments', 'web-two'], { replicas: off ? 0 : 1 });
  await set(cluster, ['daemonsets', 'agent'], { template: { spec: { nodeSelector } } });
}

async function isSuspended({ client }: Cluster): Promise<boolean | undefined> {
  const path = pathIn(lab.namespace, 'cronjobs', 'report');
  return (await client.get<{ spec: { suspend?: boolean } }>(path)).spec.suspend;
}

async function settled(cluster: Cluster, pods: object): Promise<void> {
  while (JSON.stringify(await podsAt(cluster)) !== JSON.stringify(pods))
    await new Promise((end) => setTimeout(end, 50));
}

test('what was off at home before the first run is off at both sites through a circle, and the plan says so', async () => {
  const { alpha, beta } = lab.clusters;
  await switchAt(alpha, 'off');
  await settled(alpha, whatIsOn);
  const failover = await lab.run('failover');
  await expect(failover.result()).resolves.toMatchObject({ verdict: 'completed' });
  const { steps, prechecks } = await failover.query<RecoveryPlan>('plan');
  expect(steps.map(({ title }) => title)).toEqual(
    expect.arrayContaining(['leave report at berlin switched off', 'leave agent at berlin switched off']),
  );
  expect(prechecks.find(({ code }) => code === 'ActiveRunning')?.saw).toContain('report is switched off, and stays so');
  expect([await podsAt(alpha), await podsAt(beta)]).toEqual([{}, whatIsOn]);
  expect(await isSuspended(beta)).toBe(true);
  await lab.complete('reprotect');
  await lab.complete('failback');
  expect([await podsAt(alpha), await podsAt(beta)]).toEqual([whatIsOn, {}]);
  expect([await isSuspended(alpha), await isSuspended(beta)]).toEqual([true, true]);
});

test('what was switched on again at home is on after the next failover, though it was off there before', async () => {
  const { alpha, beta } = lab.clusters;
  await switchAt(alpha, 'on');
  await settled(alpha, everything);
  await lab.complete('failover');
  expect([await podsAt(alpha), await podsAt(beta)]).toEqual([{}, everything]);
  expect(await isSuspended(beta)).toBe(false);
});

test('what was switched off at the recovery site is off at home after the failback', async () => {
  const { alpha, beta } = lab.clusters;
  await switchAt(beta, 'off');
  await settled(beta, whatIsOn);
  await lab.complete('reprotect');
  await lab.complete('failback');
  expect([await podsAt(alpha), await podsAt(beta)]).toEqual([whatIsOn, {}]);
});

test('a run that is rolled back leaves off what was off', async () => {
  const { alpha, beta } = lab.clusters;
  const broken = async (temper: 'crash-loop' | null) =>
    set(beta, ['deployments', 'api'], {
      template: { metadata: { annotations: { 'lab.switchback.dev/temper': temper } } },
    });
  await broken('crash-loop');
  const handle = await lab.run('failover');
  await lab.until(handle, ({ waitingFor }) => waitingFor.some(({ kind }) => kind === 'failed-step'));
  await handle.executeUpdate('rollback', { args: [{ by: 'ana', reason: 'the API does not start in berlin' }] });
  await expect(handle.result()).resolves.toMatchObject({ verdict: 'rolled-back' });
  expect([await podsAt(alpha), await podsAt(beta)]).toEqual([whatIsOn, {}]);
  expect(await isSuspended(alpha)).toBe(true);
  await broken(null);
});

test('a site that is lost and comes back does not bring up what was off', async () => {
  const { alpha, beta } = lab.clusters;
  await alpha.killApiServer();
  const handle = await lab.run('failover', { mode: 'unplanned' });
  await lab.until(handle, (status) => status.waitingFor.some(({ kind }) => kind === 'declare-lost'));
  await handle.executeUpdate('decide', { args: [{ gate: 'declare-lost/paris', by: 'ana', decision: 'approve' }] });
  await expect(handle.result()).resolves.toMatchObject({ verdict: 'completed' });
  expect(await podsAt(beta)).toEqual(whatIsOn);
  await alpha.restartApiServer();
  await lab.complete('reprotect');
  await lab.complete('failback');
  expect([await podsAt(alpha), await podsAt(beta)]).toEqual([whatIsOn, {}]);
  expect(await isSuspended(alpha)).toBe(true);
});
