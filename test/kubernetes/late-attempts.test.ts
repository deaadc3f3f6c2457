import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { copyOf } from '../../core/model/drill';
import type { KubernetesSite } from '../../core/model/site';
import type { WorkloadSpec } from '../../core/model/workload';
import { copyNamespaceName } from '../../drivers/kubernetes/copies/copy-name';
import { createKubernetesWorkloads } from '../../drivers/kubernetes/kubernetes-workloads';
import { kubeconfig } from '../../lab/kubernetes/cluster/kubeconfig';
import { quietly } from '../contract/contract';
import { startFaultyApi, type FaultyApi } from './lab/faulty-api';
import { deployment, deploymentsIn, makeNamespace } from './lab/objects';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';

const namespace = 'shop';
const group = copyOf('shop');
const api = `${deploymentsIn(copyNamespaceName(namespace, group))}/api`;

let clusters: TwoClusters;
let faulty: FaultyApi;
beforeAll(async () => {
  clusters = await startTwoClusters();
  faulty = await startFaultyApi(clusters.alpha);
  const access = { ...clusters.alpha.access, server: faulty.server };
  await writeFile(path.join(clusters.folder, 'faulty'), kubeconfig([access]));
  await makeNamespace(clusters.alpha.client, namespace);
  await clusters.alpha.client.create(deploymentsIn(namespace), deployment('api', 0));
});
afterAll(async () => {
  await faulty.stop();
  await clusters.stop();
});

const of = (run: string, step: string) => ({ group, operationKey: `${run}/${step}`, epoch: 1 });

const spec: WorkloadSpec = {
  name: 'api',
  priority: 1,
  dependsOn: [],
  volumes: [],
  checks: [],
  stopGraceSeconds: 5,
  kubernetes: { kind: 'Deployment', name: 'api' },
};

test('a start that was under way while its copy was removed and made anew for another run changes nothing of that one', async () => {
  const ordinary = clusters.site('alpha', namespace);
  const slow: KubernetesSite = { ...ordinary, kubernetes: { ...ordinary.kubernetes, kubeconfig: 'faulty' } };
  const options = { kubeconfigFolder: clusters.folder };
  const [driver, late] = [createKubernetesWorkloads(options), createKubernetesWorkloads(options)];
  await driver.prepareCopy(ordinary, of('run-1', 'prepare'), quietly());

  const anew = async (): Promise<unknown> => {
    await driver.removeCopy(ordinary, of('run-1', 'remove'), quietly());
    await driver.prepareCopy(ordinary, of('run-2', 'prepare'), quietly());
    return clusters.alpha.client.get(api);
  };
  let made: Promise<unknown> | undefined;
  let isMade = false;
  faulty.fault = ({ method, url = '' }) => {
    if (method !== 'PATCH' || !url.startsWith(api)) return undefined;
    made ??= anew().finally(() => (isMade = true));
    return isMade ? undefined : { status: 503 };
  };
  await expect(late.start(slow, spec, of('run-1', 'start'), quietly())).rejects.toMatchObject({
    code: 'StaleAttempt',
    message: expect.stringContaining('run-2'),
  });
  const { metadata } = (await made) as { metadata: { generation: number } };
  const { status: _status, ...now } = await clusters.alpha.client.get<{ status: object }>(api);
  expect(now).toMatchObject({ spec: { replicas: 0 }, metadata: { generation: metadata.generation } });
  expect(JSON.stringify(now)).not.toContain('switchback.dev/operations');
  driver.close();
  late.close();
});
