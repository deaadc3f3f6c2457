import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { WorkloadSpec } from '../../core/model/workload';
import { neededPermissions } from '../../drivers/kubernetes/health/needed-permissions';
import { createKubernetesWorkloads, type KubernetesWorkloads } from '../../drivers/kubernetes/kubernetes-workloads';
import { quietly } from '../contract/contract';
import { deployment, deploymentsIn, makeNamespace, podTemplate } from './lab/objects';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';
import { autoscaler, cronJob, daemonSet, pathIn, statefulSet } from './shop/shop-objects';

const namespace = 'shop';
const root = path.join(__dirname, '../..');

interface Manifest {
  readonly kind: string;
  readonly rules?: readonly { readonly apiGroups: string[]; readonly resources: string[]; readonly verbs: string[] }[];
  readonly subjects?: readonly object[];
}

const manifests = parseAllDocuments(readFileSync(path.join(root, 'deploy/kubernetes/worker-role.yaml'), 'utf8')).map(
  (document) => document.toJS() as Manifest,
);

/** "patch apps/deployments" */
const granted = manifests
  .flatMap(({ rules = [] }) => rules)
  .flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`))),
  )
  .sort();

let clusters: TwoClusters;
let driver: KubernetesWorkloads;
beforeAll(async () => {
  clusters = await startTwoClusters();
  driver = createKubernetesWorkloads({ kubeconfigFolder: clusters.folder, forcedWithinMs: 5_000 });
});
afterAll(async () => {
  driver.close();
  await clusters.stop();
});

async function applyRole(): Promise<void> {
  const collections: Readonly<Record<string, string>> = {
    Role: `namespaces/${namespace}/roles`,
    RoleBinding: `namespaces/${namespace}/rolebindings`,
    ClusterRole: 'clusterroles',
    ClusterRoleBinding: 'clusterrolebindings',
  };
  for (const manifest of manifests) {
    const collection = collections[manifest.kind];
    if (collection === undefined) continue;
    // The worker of the lab is a user of a token file instead of a service account.
    const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'switchback-worker' }];
    const object = manifest.subjects === undefined ? manifest : { ...manifest, subjects };
    await clusters.alpha.client.create(`/apis/rbac.authorization.k8s.io/v1/${collection}`, object);
  }
}

const spec = (kind: string, name: string, stopGraceSeconds = 5): WorkloadSpec => ({
  name,
  priority: 1,
  dependsOn: [],
  volumes: [],
  checks: [],
  stopGraceSeconds,
  kubernetes: { kind, name },
});

/** What the worker's user has asked for so far, as the Role would have to say it. */
function asked(): readonly string[] {
  interface Event {
    readonly verb: string;
    readonly objectRef?: { readonly apiGroup?: string; readonly resource: string; readonly subresource?: string };
  }
  const events = readFileSync(clusters.alpha.auditLog, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);
  const words = events.flatMap(({ verb, objectRef }) => {
    // Every user may ask what he may do.
    if (objectRef === undefined || objectRef.resource === 'selfsubjectaccessreviews') return [];
    const { apiGroup = '', resource, subresource } = objectRef;
    return [`${verb} ${apiGroup}/${resource}${subresource === undefined ? '' : `/${subresource}`}`];
  });
  return [...new Set(words)].sort();
}

test('without its Role the worker is told, verb by verb, what it lacks', async () => {
  await makeNamespace(clusters.alpha.client, namespace);
  const health = await driver.siteHealth(clusters.workerSite('alpha', namespace), quietly());
  expect(health.findings.find(({ name }) => name === 'permissions')).toMatchObject({
    ok: false,
    saw: expect.stringContaining('patch deployments.apps'),
    fix: expect.stringContaining('worker-role.yaml'),
  });
});

test('the Role allows all that the worker does, and nothing that it does not need', async () => {
  const { client } = clusters.alpha;
  await applyRole();
  const endless = podTemplate('report', { temper: 'endless' });
  await Promise.all([
    client.create(deploymentsIn(namespace), deployment('stubborn', 1, { temper: 'stubborn' })),
    client.create(deploymentsIn(namespace), deployment('crashing', 0, { temper: 'crash-loop' })),
    client.create(`/apis/apps/v1/namespaces/${namespace}/statefulsets`, statefulSet('queue', 1)),
    client.create(`/apis/apps/v1/namespaces/${namespace}/daemonsets`, daemonSet('agent', true)),
    client.create(`/apis/batch/v1/namespaces/${namespace}/cronjobs`, cronJob('report', false, endless)),
    client.create(`/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`, autoscaler('stubborn')),
    client.create(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
      metadata: { name: 'unbound' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    }),
  ]);
  const { metadata, spec: job } = await client.get<{ metadata: { uid: string }; spec: { jobTemplate: object } }>(
    pathIn(namespace, 'cronjobs', 'report'),
  );
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'report', uid: metadata.uid, controller: true };
  await client.create(`/apis/batch/v1/namespaces/${namespace}/jobs`, {
    ...job.jobTemplate,
    metadata: { name: 'report-1', ownerReferences: [owner] },
  });
  const pods = async (): Promise<number> =>
    (await client.get<{ items: unknown[] }>(`/api/v1/namespaces/${namespace}/pods`)).items.length;
  // One of the stubborn, one of the queue, two agents, one of the job.
  while ((await pods()) < 5) await new Promise((resolve) => setTimeout(resolve, 50));

  const site = clusters.workerSite('alpha', namespace);
  const of = (step: string, epoch = 1) => ({ group: 'shop', operationKey: `run/${step}`, epoch });
  const all = [
    spec('Deployment', 'stubborn', 0.2),
    spec('StatefulSet', 'queue'),
    spec('DaemonSet', 'agent'),
    spec('CronJob', 'report', 0.2),
  ];
  await driver.siteHealth(site, quietly());
  await driver.inspect(site, 'shop', all, quietly());
  for (const one of all) {
    await expect(driver.stop(site, one, of(`stop-${one.name}`), quietly())).resolves.toMatchObject({
      status: 'stopped',
    });
  }
  await driver.fence(site, of('fence', 2), quietly());
  await driver.unfence(site, of('unfence', 2), quietly());
  for (const one of all) {
    await expect(driver.start(site, one, of(`start-${one.name}`, 2), quietly())).resolves.toMatchObject({ epoch: 2 });
  }
  const crashing = driver.start(site, spec('Deployment', 'crashing'), of('start-crashing', 2), quietly());
  await expect(crashing).rejects.toMatchObject({
    code: 'StartFailed',
    message: expect.stringContaining('no such database'),
  });
  expect(asked()).toEqual(granted);
});

test('what site health asks for is what the Role of the namespace grants', () => {
  const needed = neededPermissions.flatMap(({ group, resource, verbs }) =>
    verbs.map((verb) => `${verb} ${group}/${resource}`),
  );
  const [role] = manifests.filter(({ kind }) => kind === 'Role');
  const ofRole = (role?.rules ?? []).flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`))),
  );
  expect(needed.sort()).toEqual(ofRole.filter((one) => one !== 'get /namespaces').sort());
});
