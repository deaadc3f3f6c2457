import type { RecoveryPlan } from '../../core/model/plan';
import { createKubernetesWorkloads, type KubernetesWorkloads } from '../../drivers/kubernetes/kubernetes-workloads';
import { deployment } from './lab/objects';
import { applyManifests } from './permissions/manifests';
import { startShopLab, type ShopLab } from './shop/shop-lab';
import { cronJob, daemonSet, pathsOf, statefulSet } from './shop/shop-objects';

let lab: ShopLab;
let driver: KubernetesWorkloads;
beforeAll(async () => {
  lab = await startShopLab();
  await applyManifests(lab.clusters.alpha.client, lab.namespace);
  driver = createKubernetesWorkloads({ kubeconfigFolder: lab.clusters.folder });
});
afterAll(async () => {
  driver.close();
  await lab.tearDown();
});

/** As a worker that may do only what its Role says. */
const unnamed = async () => driver.unnamed(lab.clusters.workerSite('alpha', lab.namespace), lab.runbook.workloads);

async function left() {
  const plan = (await (await lab.run('plan', { operation: 'failover' })).result()) as RecoveryPlan;
  return plan.prechecks.find(({ code }) => code === 'NothingLeftBehind');
}

test('where the runbook names everything, nothing is left behind', async () => {
  await expect(unnamed()).resolves.toEqual({ kind: 'seen', objects: [] });
  await expect(left()).resolves.toMatchObject({ severity: 'ok' });
});

test('what would run and is not named is, of each kind; what is off or made by a workload is not', async () => {
  const { client } = lab.clusters.alpha;
  const paths = pathsOf(lab.namespace);
  await Promise.all([
    client.create(paths.deployments, deployment('mail', 1)),
    client.create(paths.deployments, deployment('spare', 0)),
    client.create(paths.statefulsets, statefulSet('cache', 1)),
    client.create(paths.daemonsets, daemonSet('collector', true)),
    client.create(paths.cronjobs, cronJob('clean', false)),
    client.create(paths.cronjobs, cronJob('rested', true)),
  ]);
  const { metadata } = await client.get<{ metadata: { uid: string } }>(`${paths.statefulsets}/queue`);
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'queue', uid: metadata.uid };
  const made = deployment('queue-exporter', 1) as { metadata: object };
  await client.create(paths.deployments, { ...made, metadata: { ...made.metadata, ownerReferences: [owner] } });
  await expect(unnamed()).resolves.toEqual({
    kind: 'seen',
    objects: [
      { kind: 'Deployment', name: 'mail' },
      { kind: 'StatefulSet', name: 'cache' },
      { kind: 'DaemonSet', name: 'collector' },
      { kind: 'CronJob', name: 'clean' },
    ],
  });
  const precheck = await left();
  expect(precheck).toMatchObject({ severity: 'warning', subject: 'paris' });
  expect(precheck?.saw).toContain('Deployment mail, StatefulSet cache, DaemonSet collector, CronJob clean (');
});

test('what may not be listed is unknown', async () => {
  const site = lab.clusters.workerSite('beta', lab.namespace);
  await expect(driver.unnamed(site, lab.runbook.workloads)).resolves.toMatchObject({
    kind: 'unknown',
    saw: expect.stringContaining('forbidden'),
  });
});
