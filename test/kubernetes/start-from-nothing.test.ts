import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KubernetesSite } from '../../core/model/site';
import type { WorkloadSpec } from '../../core/model/workload';
import type { WorkloadObject } from '../../drivers/kubernetes/kube-object';
import { createKubernetesWorkloads, type KubernetesWorkloads } from '../../drivers/kubernetes/kubernetes-workloads';
import { kubeconfig } from '../../lab/kubernetes/cluster/kubeconfig';
import { quietly } from '../contract/contract';
import { startFaultyApi, type FaultyApi } from './lab/faulty-api';
import { deployment, deploymentsIn, makeNamespace } from './lab/objects';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';

const namespace = 'nothing';
const collection = deploymentsIn(namespace);

let clusters: TwoClusters;
let api: FaultyApi;
let driver: KubernetesWorkloads;
let site: KubernetesSite;
beforeAll(async () => {
  clusters = await startTwoClusters();
  api = await startFaultyApi(clusters.alpha);
  await writeFile(path.join(clusters.folder, 'faulty'), kubeconfig([{ ...clusters.alpha.access, server: api.server }]));
  await makeNamespace(clusters.alpha.client, namespace);
  driver = createKubernetesWorkloads({ kubeconfigFolder: clusters.folder });
  site = { ...clusters.site('alpha', namespace), kubernetes: { namespace, context: 'alpha', kubeconfig: 'faulty' } };
});
afterAll(async () => {
  driver.close();
  await api.stop();
  await clusters.stop();
});

async function start(name: string, replicas: number) {
  const workload: WorkloadSpec = {
    name,
    priority: 1,
    dependsOn: [],
    volumes: [],
    checks: [],
    stopGraceSeconds: 5,
    kubernetes: { kind: 'Deployment', name, replicas },
  };
  return driver.start(site, workload, { group: 'shop', operationKey: `run/${name}`, epoch: 1 }, quietly());
}

const read = async (name: string): Promise<WorkloadObject> =>
  clusters.alpha.client.get<WorkloadObject>(`${collection}/${name}`);

// First: an earlier start would have left its watch open.
test('it is up as soon as its pods are Ready, whenever its controller writes that down', async () => {
  await clusters.alpha.client.create(collection, deployment('quick', 0));
  // The watch tells nothing of Deployments: their status would be seen by reading all of them once more, and no sooner.
  api.fault = ({ url = '' }) => (url.startsWith(`${collection}?`) && url.includes('watch=true') ? 'silent' : undefined);
  await expect(start('quick', 2)).resolves.toMatchObject({ replicas: 2, saw: 'Deployment quick: 2 of 2 pods Ready' });
  expect(api.requests.filter((one) => one === `GET ${collection}`)).toHaveLength(1);
  api.fault = () => undefined;
});

test('pods that are held back on an old template do not make it up', async () => {
  const held = deployment('held', 0) as { spec: object };
  const object = { ...held, spec: { ...held.spec, progressDeadlineSeconds: 3 } };
  await clusters.alpha.client.create(collection, object);
  // Its controller has made a ReplicaSet of the first template by then.
  while ((await read('held')).status?.observedGeneration === undefined) await new Promise(setImmediate);
  const template = { metadata: { labels: { version: '2' } } };
  await clusters.alpha.client.patch(`${collection}/held`, { spec: { paused: true, template } });
  await expect(start('held', 1)).rejects.toMatchObject({
    code: 'StartFailed',
    message: expect.stringContaining('no further pod became Ready within 3 s'),
  });
});
