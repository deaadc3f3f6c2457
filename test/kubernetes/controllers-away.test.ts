import type { WorkloadSpec } from '../../core/model/workload';
import { createKubernetesWorkloads } from '../../drivers/kubernetes/kubernetes-workloads';
import { quietly } from '../contract/contract';
import { until } from '../integration/faults/until';
import { deployment, deploymentsIn, makeNamespace } from './lab/objects';
import { podsIn } from './lab/pods-in';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';
import { withoutControllers } from './lab/without-controllers';

const namespace = 'shop';
let clusters: TwoClusters;
beforeAll(async () => void (clusters = await startTwoClusters()));
afterAll(async () => clusters.stop());

const spec: WorkloadSpec = {
  ...{ name: 'api', priority: 1, dependsOn: [], volumes: [], checks: [], stopGraceSeconds: 1 },
  kubernetes: { kind: 'Deployment', name: 'api' },
};
const of = (step: string) => ({ group: 'shop', operationKey: `run/${step}`, epoch: 2 });

test('pods that were ended while their controllers were away prove nothing: the controllers would bring new ones up', async () => {
  const { client } = clusters.alpha;
  const pods = async () => podsIn(clusters.alpha, namespace);
  const site = clusters.site('alpha', namespace);
  const driver = createKubernetesWorkloads({ kubeconfigFolder: clusters.folder, forcedWithinMs: 2_000 });
  await makeNamespace(client, namespace);
  await client.create(deploymentsIn(namespace), deployment('api', 3));
  await until('three pods are up', async () => (await pods())['api'] === 3);
  await withoutControllers(clusters.alpha, async () => {
    const unproven = { code: 'StopFailed', message: expect.stringContaining('may start pods again') as string };
    await expect(driver.stop(site, spec, of('stop'), quietly())).rejects.toMatchObject(unproven);
    // They are gone, and yet neither another stop nor a fence takes that for a proof.
    expect(await pods()).toEqual({});
    await expect(driver.stop(site, spec, of('stop'), quietly())).rejects.toMatchObject(unproven);
    const unconfirmed = {
      code: 'FenceUnconfirmed',
      message: expect.stringContaining('may start pods again') as string,
    };
    const fence = { group: 'shop', operationKey: 'run/fence', epoch: 3 };
    await expect(driver.fence(site, fence, quietly())).rejects.toMatchObject(unconfirmed);
    await expect(driver.fence(site, fence, quietly())).rejects.toMatchObject(unconfirmed);
  });
  const later = { ...of('stop'), epoch: 3 };
  await expect(driver.stop(site, spec, later, quietly())).resolves.toMatchObject({ status: 'stopped' });
  expect(await pods()).toEqual({});
  driver.close();
});
