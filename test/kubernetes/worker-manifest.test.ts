import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeClient } from '../../drivers/kubernetes/client/kube-client';
import { readSettings } from '../../workers/settings';
import { exists } from '../unit/docs/pages';
import { makeNamespace } from './lab/objects';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';
import { applyManifests, granted } from './permissions/manifests';

interface Container {
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly livenessProbe: { readonly exec: { readonly command: readonly string[] } };
}

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly subjects?: readonly { readonly name: string; readonly namespace: string }[];
  readonly spec?: { readonly template: { readonly spec: { readonly containers: readonly [Container] } } };
}

const deploy = path.join(__dirname, '../../deploy/kubernetes');
const manifestsIn = (file: string): readonly Manifest[] =>
  parseAllDocuments(readFileSync(path.join(deploy, file), 'utf8')).map((document) => document.toJS() as Manifest);

const manifests = manifestsIn('worker.yaml');
const container = manifests.find(({ kind }) => kind === 'Deployment')?.spec?.template.spec.containers[0] as Container;

const plurals: Readonly<Record<string, string>> = {
  ConfigMap: 'configmaps',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  Deployment: 'deployments',
};

const pathOf = ({ apiVersion, kind, metadata: { name, namespace = '' } }: Omit<Manifest, 'spec'>): string =>
  `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}/namespaces/${namespace}/${plurals[kind] ?? kind}/${name}`;

/** As `kubectl apply --server-side` does, refused for any field that the API server does not know. */
const apply = async (
  client: KubeClient,
  manifest: Omit<Manifest, 'spec'>,
  query: Record<string, string> = {},
): Promise<unknown> =>
  client.request({
    method: 'PATCH',
    path: pathOf(manifest),
    body: manifest,
    contentType: 'application/apply-patch+yaml',
    query: { fieldManager: 'administrator', fieldValidation: 'Strict', ...query },
  });

let clusters: TwoClusters;
beforeAll(async () => {
  clusters = await startTwoClusters();
  await makeNamespace(clusters.alpha.client, 'switchback');
});
afterAll(async () => clusters.stop());

test.each(manifests.map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest] as const))(
  '%s is taken by an API server, field for field',
  async (_title, manifest) => {
    const { client } = clusters.alpha;
    await expect(apply(client, manifest, { dryRun: 'All' })).resolves.toBeDefined();
    await expect(apply(client, manifest)).resolves.toBeDefined();
    // Not by an apply: to that one an API server answers 500, which the client takes for a passing trouble.
    const unknown = { ...manifest, notAField: true };
    const query = { dryRun: 'All', fieldValidation: 'Strict' };
    const made = client.request({ method: 'POST', path: path.posix.dirname(pathOf(manifest)), body: unknown, query });
    await expect(made).rejects.toMatchObject({ status: 400, message: expect.stringContaining('notAField') as string });
  },
);

test('the worker of the manifest is admitted where the strictest standard for pods is enforced', async () => {
  const { client } = clusters.alpha;
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  await client.create('/api/v1/namespaces', { metadata: { name: 'strict', labels } });
  const template = manifests.find(({ kind }) => kind === 'Deployment')?.spec?.template as object;
  const pod = { ...template, metadata: { name: 'worker' } };
  await expect(client.create('/api/v1/namespaces/strict/pods', pod)).resolves.toBeDefined();
});

test('its account may do what the roles say, and nothing else', async () => {
  const { client } = clusters.alpha;
  await makeNamespace(client, 'shop');
  await applyManifests(client, 'shop');
  const account = 'system:serviceaccount:switchback:switchback-worker';
  for (const kind of ['rolebindings', 'clusterrolebindings']) {
    const place = kind === 'rolebindings' ? 'namespaces/shop/' : '';
    const collection = `/apis/rbac.authorization.k8s.io/v1/${place}${kind}`;
    const subjects = [{ kind: 'ServiceAccount', name: 'switchback-worker', namespace: 'switchback' }];
    const { items } = await client.get<{ items: { metadata: { name: string } }[] }>(collection);
    const ours = items.filter(({ metadata }) => metadata.name.startsWith('switchback-'));
    await Promise.all(ours.map(async ({ metadata }) => client.patch(`${collection}/${metadata.name}`, { subjects })));
  }
  const may = async (word: string, namespace: string): Promise<boolean> => {
    const [verb = '', resource = ''] = word.split(' ');
    const [group = '', plural = '', subresource] = resource.split('/');
    const asked = { namespace, verb, group, resource: plural, ...(subresource !== undefined && { subresource }) };
    const spec = { user: account, groups: ['system:authenticated'], resourceAttributes: asked };
    const { status } = await client.create<{ status: { allowed: boolean } }>(
      '/apis/authorization.k8s.io/v1/subjectaccessreviews',
      { spec },
    );
    return status.allowed;
  };
  const roles = ['worker', 'drill', 'mover', 'snapshots'].map((name) => `Role switchback-${name}`);
  const words = granted(...roles);
  const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', 'escalate', 'bind'];
  const resources = [
    ...new Set([...words.map((word) => word.split(' ')[1] ?? ''), '/pods/exec', 'apps/controllerrevisions']),
  ];
  const everything = resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`));
  // Bindings are made in namespaces that are not there yet, so they are allowed in all; a namespace is removed by its name alone.
  const ofCluster = granted('ClusterRole switchback-drills', 'ClusterRole switchback-snapshots').filter(
    (word) => word !== 'delete /namespaces',
  );
  const allowed = await Promise.all(everything.map(async (word) => ((await may(word, 'shop')) ? [word] : [])));
  const expected = everything.filter((word) => words.includes(word) || ofCluster.includes(word));
  expect(allowed.flat().sort()).toEqual(expected.sort());
  expect(await may('patch apps/deployments', 'kube-system')).toBe(false);
});

test.each(['worker-role.yaml', 'stage-role.yaml', 'drill-role.yaml'])(
  'nothing in %s names a namespace of its own: kubectl refuses that with --namespace, and applies the rest',
  (file) => {
    expect(manifestsIn(file).flatMap(({ metadata }) => metadata.namespace ?? [])).toEqual([]);
  },
);

test('every account that a role is bound to is made with the namespace of the worker', () => {
  const files = ['worker-role.yaml', 'stage-role.yaml', 'drill-role.yaml'].flatMap(manifestsIn);
  const bound = files.flatMap(({ subjects = [] }) => subjects.map(({ name, namespace }) => `${namespace}/${name}`));
  const made = manifestsIn('accounts.yaml')
    .filter(({ kind }) => kind === 'ServiceAccount')
    .map(({ metadata: { name, namespace } }) => `${namespace ?? ''}/${name}`);
  expect([...new Set(bound)].sort()).toEqual(made.sort());
});

test('every variable of the manifest is one that the worker reads', () => {
  const asked = new Set<string>();
  const env = new Proxy(
    {},
    {
      get: (_target, name) => void asked.add(String(name)),
    },
  );
  readSettings(env, '/');
  const folder = path.dirname(require.resolve('@temporalio/envconfig'));
  const ofTemporal = readdirSync(folder)
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => readFileSync(path.join(folder, file), 'utf8').match(/\bTEMPORAL_[A-Z_]+/g) ?? []);
  const known = new Set([...asked, ...ofTemporal]);
  expect(container.env.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
});

test('its probe runs a file that the image has', () => {
  const program = container.livenessProbe.exec.command.at(-1) ?? '';
  expect(exists(program)).toBe(true);
  expect(readFileSync(path.join(deploy, '../../Dockerfile'), 'utf8')).toContain(`COPY ${path.dirname(program)} `);
});
