import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KubernetesSite } from '../../core/model/site';
import type { WorkloadSpec } from '../../core/model/workload';
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

test('it is up as soon as its pods are Ready, whenever its controller writes that down', async () => {
  await clusters.alpha.client.create(collection, deployment('quick', 0));
  // The watch tells nothing of Deployments: their status would be seen by reading all of them once more, and no sooner.
  api.fault = ({ url = '' }) => (url.startsWith(`${collection}?`) && url.includes('watch=true') ? 'silent' : undefined);
  await expect(start('quick', 2)).resolves.toMatchObject({ replicas: 2, saw: 'Deployment quick: 2 of 2 pods Ready' });
  expect(api.requests.filter((one) => one === `GET ${collection}`)).toHaveLength(1);
});
