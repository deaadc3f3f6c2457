import type { WorkloadObject } from '../../drivers/kubernetes/kube-object';
import type { Cluster } from '../../lab/kubernetes/cluster/start-cluster';
import { deployment, deploymentsIn } from './lab/objects';
import { podsIn } from './lab/pods-in';
import { pathIn } from './shop/shop-objects';
import { startShopLab, type ShopLab } from './shop/shop-lab';

let lab: ShopLab;
beforeAll(async () => void (lab = await startShopLab()));
afterAll(async () => lab.tearDown());

const everything = { agent: 2, api: 3, queue: 2, 'web-one': 1, 'web-two': 1 };

const podsAt = async (cluster: Cluster) => podsIn(cluster, lab.namespace);

async function suspended({ client }: Cluster): Promise<boolean | undefined> {
  return (await client.get<WorkloadObject>(pathIn(lab.namespace, 'cronjobs', 'report'))).spec.suspend;
}

async function autoscaled({ client }: Cluster): Promise<string> {
  const path = pathIn(lab.namespace, 'autoscalers', 'api');
  return (await client.get<{ spec: { scaleTargetRef: { name: string } } }>(path)).spec.scaleTargetRef.name;
}

const scale = async ({ client }: Cluster, replicas: number): Promise<unknown> =>
  client.patch(`${pathIn(lab.namespace, 'deployments', 'api')}/scale`, { spec: { replicas } });

describe('a shop on two clusters', () => {
  test('a planned failover moves what its users had running, as many as there were', async () => {
    expect(await podsAt(lab.clusters.alpha)).toEqual(everything);
    await lab.complete('failover');
    expect(await podsAt(lab.clusters.alpha)).toEqual({});
    expect(await podsAt(lab.clusters.beta)).toEqual(everything);
    expect([await suspended(lab.clusters.alpha), await suspended(lab.clusters.beta)]).toEqual([true, false]);
    expect(await autoscaled(lab.clusters.alpha)).not.toBe('api');
    expect(await lab.resolve()).toEqual(['127.0.2.1']);
    expect(await lab.state()).toMatchObject({ phase: 'FailedOver', activeSite: 'recovery' });
  });

  test('what was left behind cannot be brought up by hand or by old manifests', async () => {
    const { client } = lab.clusters.alpha;
    const refused = { status: 403, message: expect.stringContaining('switchback-fence: api was last started') };
    await expect(scale(lab.clusters.alpha, 3)).rejects.toMatchObject(refused);
    const path = pathIn(lab.namespace, 'deployments', 'api');
    await expect(client.patch(path, { spec: { replicas: 3 } })).rejects.toMatchObject(refused);
    await expect(
      client.patch(pathIn(lab.namespace, 'cronjobs', 'report'), { spec: { suspend: false } }),
    ).rejects.toMatchObject({ status: 403 });
    await expect(
      client.patch(pathIn(lab.namespace, 'daemonsets', 'agent'), {
        spec: { template: { spec: { nodeSelector: { 'switchback.dev/stopped': null } } } },
      }),
    ).rejects.toMatchObject({ status: 403 });
    // What belongs to no group is nobody's business.
    await client.create(deploymentsIn(lab.namespace), deployment('bystander', 1));
    await client.request({ method: 'DELETE', path: pathIn(lab.namespace, 'deployments', 'bystander') });
    // At the active site an autoscaler scales as it likes.
    await scale(lab.clusters.beta, 4);
    await scale(lab.clusters.beta, 3);
  });

  test('reprotect, then failback: everything is home again, the autoscaler in charge', async () => {
    await lab.complete('reprotect');
    await lab.complete('failback');
    expect(await podsAt(lab.clusters.alpha)).toEqual(everything);
    expect(await podsAt(lab.clusters.beta)).toEqual({});
    expect([await suspended(lab.clusters.alpha), await suspended(lab.clusters.beta)]).toEqual([false, true]);
    expect(await autoscaled(lab.clusters.alpha)).toBe('api');
    expect(await lab.resolve()).toEqual(['127.0.1.1']);
    expect(await lab.state()).toMatchObject({ phase: 'Protected', activeSite: 'primary' });
  });

  test('a cluster that is lost, and comes back with its old pods: they are stopped before anything else', async () => {
    // Its nodes and pods go on without it; the worker fences it as soon as it answers again.
    expect(await podsAt(lab.clusters.alpha)).toEqual(everything);
    await lab.clusters.alpha.killApiServer();
    const handle = await lab.run('failover', { mode: 'unplanned' });
    await lab.until(handle, (status) => status.waitingFor.some(({ kind }) => kind === 'declare-lost'));
    await handle.executeUpdate('decide', { args: [{ gate: 'declare-lost/paris', by: 'ana', decision: 'approve' }] });
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'completed' });
    expect(await podsAt(lab.clusters.beta)).toEqual(everything);
    expect(await lab.resolve()).toEqual(['127.0.2.1']);

    await lab.clusters.alpha.restartApiServer();
    await lab.complete('reprotect');
    expect(await podsAt(lab.clusters.alpha)).toEqual({});
    const api = await lab.clusters.alpha.client.get<WorkloadObject>(pathIn(lab.namespace, 'deployments', 'api'));
    expect(api).toMatchObject({
      spec: { replicas: 0 },
      metadata: { annotations: { 'switchback.dev/original-replicas': '3' } },
    });
    await lab.complete('failback');
    expect(await podsAt(lab.clusters.alpha)).toEqual(everything);
    expect(await podsAt(lab.clusters.beta)).toEqual({});
  });
});
