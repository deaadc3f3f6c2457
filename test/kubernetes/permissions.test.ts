import { copyOf } from '../../core/model/drill';
import type { KubernetesSite } from '../../core/model/site';
import { copyNamespaceName } from '../../drivers/kubernetes/copies/copy-name';
import { neededForDrills, neededPermissions } from '../../drivers/kubernetes/health/needed-permissions';
import { createKubernetesWorkloads, type KubernetesWorkloads } from '../../drivers/kubernetes/kubernetes-workloads';
import { SiteCluster } from '../../drivers/kubernetes/cluster';
import { quietly } from '../contract/contract';
import { makeNamespace } from './lab/objects';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';
import { crashing, makeApplication, makeJob, makeReplicaSet, replicaSet, workloads } from './permissions/application';
import { asked } from './permissions/asked';
import { applyManifests, granted, onlyForVolumes, without, wordsOfNeeded } from './permissions/manifests';

const namespace = 'shop';
const group = 'shop';
const copy = copyOf(group);
const copyNamespace = copyNamespaceName(namespace, copy);

let clusters: TwoClusters;
let driver: KubernetesWorkloads;
let site: KubernetesSite;
beforeAll(async () => {
  clusters = await startTwoClusters();
  driver = createKubernetesWorkloads({ kubeconfigFolder: clusters.folder, forcedWithinMs: 5_000 });
  site = { ...clusters.workerSite('alpha', namespace), drill: { address: '192.0.2.30' } };
});
afterAll(async () => {
  driver.close();
  await clusters.stop();
});

const of = (name: string, step: string, epoch = 1) => ({ group: name, operationKey: `run/${step}`, epoch });

/** Everything that a worker does with workloads that run: of production, or of the copy of a drill. */
async function walk(name: string, epoch: number, moved = workloads): Promise<void> {
  await driver.inspect(site, name, moved, quietly());
  for (const one of moved) {
    const stopped = driver.stop(site, one, of(name, `stop-${one.name}`, epoch), quietly());
    await expect(stopped).resolves.toMatchObject({ status: 'stopped' });
  }
  await driver.fence(site, of(name, 'fence', epoch + 1), quietly());
  await driver.unfence(site, of(name, 'unfence', epoch + 1), quietly());
  for (const one of moved) {
    const started = driver.start(site, one, of(name, `start-${one.name}`, epoch + 1), quietly());
    await expect(started).resolves.toMatchObject({ epoch: epoch + 1 });
  }
  await expect(driver.start(site, crashing, of(name, 'start-crashing', epoch + 1), quietly())).rejects.toMatchObject({
    code: 'StartFailed',
    message: expect.stringContaining('no such database'),
  });
}

test('without its Roles the worker is told, verb by verb, what it lacks', async () => {
  await makeNamespace(clusters.alpha.client, namespace);
  const { findings } = await driver.siteHealth(site, quietly());
  expect(findings.find(({ name }) => name === 'permissions')).toMatchObject({
    ok: false,
    saw: expect.stringContaining('patch deployments.apps'),
    fix: expect.stringContaining('worker-role.yaml'),
  });
  expect(findings.find(({ name }) => name === 'permissions for drills')).toMatchObject({
    ok: false,
    saw: expect.stringContaining('create namespaces'),
    fix: expect.stringContaining('drill-role.yaml'),
  });
});

test('a cluster without snapshots is told so where recovery points are to be snapshots', async () => {
  const mover = { image: 'mover', service: 'Pod', snapshots: { class: 'csi', claims: [] } } as const;
  const { findings } = await driver.siteHealth({ ...site, kubernetes: { ...site.kubernetes, mover } }, quietly());
  expect(findings.find(({ name }) => name === 'snapshots')).toMatchObject({
    ok: false,
    saw: expect.stringContaining('no VolumeSnapshots'),
    fix: expect.stringContaining('external-snapshotter'),
  });
  expect(findings.find(({ name }) => name === 'permissions for snapshots')).toMatchObject({
    ok: false,
    fix: expect.stringContaining('snapshot-role.yaml'),
  });
});

test('the Roles allow all that the worker does, and nothing that it does not need', async () => {
  const { client, auditLog } = clusters.alpha;
  await applyManifests(client, namespace);
  await makeApplication(client, namespace);
  await makeReplicaSet(client, namespace);
  await makeJob(client, namespace);
  await driver.siteHealth(site, quietly());
  await driver.prepareCopy(site, of(copy, 'prepare'), quietly());
  for (const one of workloads) await driver.start(site, one, of(copy, `first-${one.name}`), quietly());
  await makeJob(client, copyNamespace);
  await walk(copy, 1);
  await driver.removeCopy(site, of(copy, 'remove'), quietly());
  await walk(group, 1, [...workloads, replicaSet]);

  const ofNamespaces = (word: string): boolean => word.endsWith(' /namespaces');
  expect(asked(auditLog, namespace)).toEqual(granted('Role switchback-worker', 'Role switchback-drill'));
  const askedInCopy = asked(auditLog, copyNamespace).filter((word) => !ofNamespaces(word));
  // The rest moves volumes: volume-permissions.test.ts.
  const toMove = onlyForVolumes().filter((word) => !askedInCopy.includes(word));
  expect([...askedInCopy, ...toMove].sort()).toEqual(granted('ClusterRole switchback-drill'));
  const ofCluster = [...asked(auditLog, ''), ...asked(auditLog, copyNamespace).filter(ofNamespaces)];
  // Its own binding it makes in the namespace of the copy.
  const binding = 'create rbac.authorization.k8s.io/rolebindings';
  expect([...new Set([...ofCluster, binding])].sort()).toEqual(
    granted('ClusterRole switchback-worker', 'ClusterRole switchback-drills'),
  );
});

describe('what allows a change of rights is needed for a copy', () => {
  test.each([
    { role: 'switchback-drill', verb: 'escalate', resource: 'roles' },
    { role: 'switchback-drill', verb: 'bind', resource: 'roles' },
    { role: 'switchback-drill', verb: 'bind', resource: 'clusterroles' },
    { role: 'switchback-drills', verb: 'bind', resource: 'clusterroles' },
    { role: 'switchback-drills', verb: 'create', resource: 'rolebindings' },
  ])('$verb $resource of $role', async (lacking) => {
    await without(clusters.alpha.client, lacking, async () => {
      const prepared = driver.prepareCopy(site, of(copy, 'prepare'), quietly());
      await expect(prepared).rejects.toMatchObject({
        code: 'RequestRefused',
        message: expect.stringContaining('switchback-worker'),
      });
    });
    await driver.removeCopy(site, of(copy, 'remove'), quietly());
  });
});

test('the worker cannot take the rights that it has within a copy anywhere else', async () => {
  const cluster = new SiteCluster(site, namespace, clusters.folder);
  const binding = {
    metadata: { name: 'taken' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'switchback-drill' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'switchback-worker' }],
  };
  const path = cluster.path('rbac.authorization.k8s.io/v1', 'rolebindings');
  await expect(cluster.client.create(path, binding)).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining('switchback-drill: these rights are for the copies of drills'),
  });
  cluster.close();
});

test('what site health asks for is what the Roles of the namespace grant', () => {
  const ofRole = granted('Role switchback-worker').filter((word) => word !== 'get /namespaces');
  expect(wordsOfNeeded(neededPermissions)).toEqual(ofRole);
  const forDrills = granted('Role switchback-drill', 'ClusterRole switchback-drills');
  // Of copies alone, which are not there yet.
  const ofCopies = ['get /namespaces', 'delete /namespaces'];
  expect(wordsOfNeeded(neededForDrills)).toEqual(forDrills.filter((word) => !ofCopies.includes(word)));
});
