import type { StageDiff } from '../../../core/model/stage';
import { isStatus } from '../../../drivers/kubernetes/client/kube-error';
import type { Cluster } from '../../../lab/kubernetes/cluster/start-cluster';
import { quietly } from '../../contract/contract';
import { requestOf } from '../../contract/stage-contract';
import type { StageFixture } from '../../contract/stage-fixture';
import { until } from '../../integration/faults/until';
import { startTwoClusters, type TwoClusters } from '../lab/two-clusters';
import { setUpStage } from './stage-fixture';

/** Of an operator, with a number of instances, and one that is none. */
const definition = (kind: string, plural: string): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.example.test` },
  spec: {
    group: 'example.test',
    scope: 'Namespaced',
    names: { kind, plural, singular: kind.toLowerCase() },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
});

const database = { apiVersion: 'example.test/v1', kind: 'Database' };
const route = { apiVersion: 'example.test/v1', kind: 'Route' };

let clusters: TwoClusters;
let fixture: StageFixture;
let namespace: string;
beforeAll(async () => {
  clusters = await startTwoClusters();
  await define(clusters.alpha, 'Database', 'databases');
  await define(clusters.beta, 'Database', 'databases');
  await define(clusters.alpha, 'Route', 'routes');
});
afterAll(async () => clusters.stop());
beforeEach(async () => {
  fixture = await setUpStage(clusters);
  if (fixture.site.driver === 'kubernetes') ({ namespace } = fixture.site.kubernetes);
});
afterEach(async () => fixture.tearDown());

const pathOf = (plural: string, name = ''): string =>
  `/apis/example.test/v1/namespaces/${namespace}/${plural}${name && `/${name}`}`;

/** It is served a moment after it was made. */
async function define({ client }: Cluster, kind: string, plural: string): Promise<void> {
  await client.create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition(kind, plural));
  const list = `/apis/example.test/v1/namespaces/default/${plural}`;
  await until(`${plural} are served`, async () =>
    client.get(list).then(
      () => true,
      (error: unknown) => !isStatus(error, 404),
    ),
  );
}

async function stage(customResources: readonly (typeof database)[]): Promise<StageDiff> {
  const request = requestOf(fixture);
  return fixture.driver.stage({ ...request, policy: { ...request.policy, customResources } }, quietly());
}

const make = async (plural: string, object: object): Promise<unknown> =>
  clusters.alpha.client.create(pathOf(plural), object);

test('a custom resource is at the standby as it is, with no instances, and its status stays at home', async () => {
  const spec = { replicas: 3, engine: { name: 'postgres', flags: ['a', 'b'] } };
  await make('databases', { ...database, metadata: { name: 'orders' }, spec });
  await clusters.alpha.client.patch(`${pathOf('databases', 'orders')}/status`, { status: { endpoint: '10.0.0.1' } });
  expect(await stage([database])).toMatchObject({ troubles: [], kept: [] });
  const staged = await clusters.beta.client.get<object>(pathOf('databases', 'orders'));
  expect(staged).toMatchObject({
    metadata: {
      labels: { 'switchback.dev/staged-by': 'shop' },
      annotations: { 'switchback.dev/original-replicas': '3' },
    },
    spec: { ...spec, replicas: 0 },
  });
  expect(staged).not.toHaveProperty('status');
  expect(await stage([database])).toMatchObject({ created: 0, changed: 0, deleted: 0 });
});

test('what changes at home changes at the standby, and what is gone goes', async () => {
  await make('databases', { ...database, metadata: { name: 'orders' }, spec: { engine: 'postgres' } });
  await make('databases', { ...database, metadata: { name: 'old' }, spec: { engine: 'mysql' } });
  await stage([database]);
  await clusters.alpha.client.patch(pathOf('databases', 'orders'), { spec: { engine: 'cockroach' } });
  await clusters.alpha.client.request({ method: 'DELETE', path: pathOf('databases', 'old') });
  expect((await stage([database])).changes).toEqual([
    { object: 'Database orders', did: 'changed', fields: ['spec.engine'] },
    { object: 'Database old', did: 'deleted', fields: [] },
  ]);
  const { items } = await clusters.beta.client.get<{ items: readonly object[] }>(pathOf('databases'));
  expect(items).toMatchObject([{ metadata: { name: 'orders' }, spec: { engine: 'cockroach' } }]);
});

test('a kind that the standby or the active site does not know is named, and holds up nothing else', async () => {
  await make('routes', { ...route, metadata: { name: 'front' }, spec: { host: 'shop' } });
  await make('databases', { ...database, metadata: { name: 'orders' }, spec: {} });
  const unknown = { apiVersion: 'example.test/v1', kind: 'Queue' };
  const { troubles } = await stage([route, unknown, database]);
  expect(troubles).toEqual([
    { object: 'Queue', because: 'site "paris" has no kind example.test/v1 Queue of objects in namespaces' },
    { object: 'Route', because: 'site "berlin" has no kind example.test/v1 Route' },
  ]);
  expect(await clusters.beta.client.get(pathOf('databases', 'orders'))).toMatchObject({ kind: 'Database' });
});
