import type { HealthFinding } from '../../../core/model/site';
import { neededForStaging } from '../../../drivers/kubernetes/health/needed-permissions';
import { createKubernetesWorkloads } from '../../../drivers/kubernetes/kubernetes-workloads';
import { createKubernetesStage, type KubernetesStage } from '../../../drivers/kubernetes/kubernetes-stage';
import type { StageDiff } from '../../../core/model/stage';
import { stagedKinds } from '../../../core/model/stage';
import { quietly } from '../../contract/contract';
import { until } from '../../integration/faults/until';
import { deployment, makeNamespace } from '../lab/objects';
import { startTwoClusters, type TwoClusters } from '../lab/two-clusters';
import { asked } from '../permissions/asked';
import { wordsOfNeeded } from '../permissions/manifests';
import { autoscaler, bindingOf, cronJob, daemonSet, reader, statefulSet } from '../shop/shop-objects';
import { allowWorker, grantsOf, type StageRole } from './worker-access';

const namespace = 'staged';
const rbac = 'rbac.authorization.k8s.io/v1';

let clusters: TwoClusters;
let driver: KubernetesStage;
beforeAll(async () => {
  clusters = await startTwoClusters();
  driver = createKubernetesStage({ kubeconfigFolder: clusters.folder });
});
afterAll(async () => {
  driver.close();
  await clusters.stop();
});

/** One object of each kind: API version, collection and the object. */
const objects: readonly (readonly [string, string, object])[] = [
  ['v1', 'serviceaccounts', { metadata: { name: 'shop' } }],
  [rbac, 'roles', reader],
  [rbac, 'rolebindings', bindingOf('reader', namespace)],
  ['v1', 'configmaps', { metadata: { name: 'settings' }, data: { currency: 'EUR' } }],
  ['v1', 'secrets', { metadata: { name: 'keys' }, data: { signing: 'c2VjcmV0' } }],
  [
    'v1',
    'persistentvolumeclaims',
    {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
  ],
  ['v1', 'services', { metadata: { name: 'api' }, spec: { ports: [{ port: 80 }] } }],
  ['apps/v1', 'deployments', deployment('api', 1)],
  ['apps/v1', 'statefulsets', statefulSet('queue', 1)],
  ['apps/v1', 'daemonsets', daemonSet('agent', true)],
  ['batch/v1', 'cronjobs', cronJob('report', false)],
  ['autoscaling/v2', 'horizontalpodautoscalers', autoscaler('api')],
  [
    'networking.k8s.io/v1',
    'ingresses',
    { metadata: { name: 'front' }, spec: { defaultBackend: { service: { name: 'api', port: { number: 80 } } } } },
  ],
];

const pathOf = (apiVersion: string, plural: string, name = ''): string =>
  `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}/namespaces/${namespace}/${plural}${name && `/${name}`}`;

const nameOf = (object: object): string => (object as { metadata: { name: string } }).metadata.name;

const stage = async (): Promise<StageDiff> =>
  driver.stage(
    {
      group: 'shop',
      operationKey: 'run/stage',
      epoch: 1,
      sites: { primary: clusters.workerSite('alpha', namespace), recovery: clusters.workerSite('beta', namespace) },
      target: 'recovery',
      policy: {
        everySeconds: 60,
        kinds: stagedKinds,
        customResources: [],
        except: [],
        maps: { storageClasses: {}, images: {}, ingressHosts: {} },
      },
      workloads: [],
      dryRun: false,
    },
    quietly(),
  );

/** What a plan says of the rights to keep a site current. */
async function findingAt(name: 'alpha' | 'beta'): Promise<HealthFinding | undefined> {
  const workloads = createKubernetesWorkloads({ kubeconfigFolder: clusters.folder });
  try {
    const site = clusters.workerSite(name, namespace);
    const { findings } = await workloads.siteHealth(
      { ...site, kubernetes: { ...site.kubernetes, staged: stagedKinds } },
      quietly(),
    );
    return findings.find((finding) => finding.name === 'permissions for staging');
  } finally {
    workloads.close();
  }
}

/** Server-side apply is a patch that may create: no request of its own, and so in no audit log. */
const requested = (role: StageRole): readonly string[] =>
  [...new Set(grantsOf(role).map(({ verb, group, resource }) => `${verb} ${group}/${resource}`))]
    .filter((word) => !word.startsWith('create '))
    .sort();

test('without the verb that makes objects, each kind of them is named with it', async () => {
  const { alpha, beta } = clusters;
  await Promise.all([alpha, beta].map(async ({ client }) => makeNamespace(client, namespace)));
  for (const [apiVersion, plural, object] of objects) await alpha.client.create(pathOf(apiVersion, plural), object);
  await allowWorker(alpha.client, namespace, () => true, ['switchback-stage-source']);
  await allowWorker(beta.client, namespace, ({ verb }) => verb !== 'create', ['switchback-stage-target']);
  const { created, troubles } = await stage();
  expect(created).toBe(0);
  const lacking = troubles.flatMap(({ because }) => /may not (\S+ [a-z]+)/.exec(because)?.[1] ?? []);
  // The binding is refused before that: its Role is not there.
  const others = objects.filter(([, plural]) => plural !== 'rolebindings');
  expect(lacking.sort()).toEqual(others.map(([, plural]) => `create ${plural}`).sort());
});

test('the Roles allow all that staging does, and nothing that it does not need', async () => {
  const { alpha, beta } = clusters;
  const roles = `/apis/${rbac}/namespaces/${namespace}`;
  for (const path of ['roles', 'rolebindings'])
    await beta.client.text({ method: 'DELETE', path: `${roles}/${path}/switchback-stage-target` });
  await allowWorker(beta.client, namespace, () => true, ['switchback-stage-target']);
  expect(await stage()).toMatchObject({ created: objects.length, troubles: [] });
  for (const [apiVersion, plural, object] of objects)
    await alpha.client.patch(pathOf(apiVersion, plural, nameOf(object)), { metadata: { labels: { release: 'two' } } });
  expect(await stage()).toMatchObject({ changed: objects.length, troubles: [] });
  for (const [apiVersion, plural, object] of objects) {
    if (plural === 'persistentvolumeclaims') continue;
    await alpha.client.text({ method: 'DELETE', path: pathOf(apiVersion, plural, nameOf(object)) });
  }
  expect(await stage()).toMatchObject({ deleted: objects.length - 1, troubles: [] });
  expect(asked(alpha.auditLog, namespace)).toEqual(requested('switchback-stage-source'));
  const ofTarget = requested('switchback-stage-target');
  expect(asked(beta.auditLog, namespace)).toEqual(ofTarget);
  // What tells which site is active is allowed by worker-role.yaml as well.
  const checked = wordsOfNeeded(neededForStaging(stagedKinds)).filter((word) => !word.startsWith('create '));
  expect(checked).toEqual(ofTarget.filter((word) => !word.startsWith('get ')));
});

test('a Role that grants more than the worker may do is refused and named, and the rest goes on', async () => {
  const { alpha } = clusters;
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['delete'] }];
  await alpha.client.create(pathOf(rbac, 'roles'), { metadata: { name: 'mighty' }, rules });
  await alpha.client.create(pathOf('v1', 'configmaps'), { metadata: { name: 'later' }, data: {} });
  const { troubles, changes } = await stage();
  expect(troubles).toEqual([
    {
      object: 'Role mighty',
      because: expect.stringContaining('attempting to grant RBAC permissions not currently held'),
    },
  ]);
  expect(changes.map(({ object }) => object)).toEqual(['ConfigMap later']);
});

test('a plan says which of these rights a site lacks', async () => {
  const { client } = clusters.beta;
  expect(await findingAt('beta')).toMatchObject({ ok: true });
  const path = `/apis/${rbac}/namespaces/${namespace}/roles/switchback-stage-target`;
  await client.patch(path, {
    rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list', 'create', 'patch'] }],
  });
  // An API server acts by a Role soon after it has it.
  let finding: HealthFinding | undefined;
  await until('it is noticed', async () => !(finding = await findingAt('beta'))?.ok);
  expect(finding).toMatchObject({
    saw: expect.stringMatching(/list serviceaccounts.*delete configmaps,/),
    fix: expect.stringContaining('stage-role.yaml'),
  });
});
