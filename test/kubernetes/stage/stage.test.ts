import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { StageDiff } from '../../../core/model/stage';
import type { StageRequest } from '../../../drivers/stage-port';
import { quietly } from '../../contract/contract';
import { requestOf } from '../../contract/stage-contract';
import type { StageFixture } from '../../contract/stage-fixture';
import type { WorkloadObject } from '../../../drivers/kubernetes/kube-object';
import { deployment, podTemplate } from '../lab/objects';
import { startTwoClusters, type TwoClusters } from '../lab/two-clusters';
import { autoscaler, cronJob, daemonSet, statefulSet } from '../shop/shop-objects';
import { setUpStage } from './stage-fixture';

let clusters: TwoClusters;
let fixture: StageFixture;
let namespace: string;
beforeAll(async () => void (clusters = await startTwoClusters()));
afterAll(async () => clusters.stop());
beforeEach(async () => {
  fixture = await setUpStage(clusters);
  if (fixture.site.driver === 'kubernetes') ({ namespace } = fixture.site.kubernetes);
});
afterEach(async () => fixture.tearDown());

const pathOf = (apiVersion: string, plural: string, name = ''): string =>
  `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}/namespaces/${namespace}/${plural}${name && `/${name}`}`;

const make = async (apiVersion: string, plural: string, object: object): Promise<unknown> =>
  clusters.alpha.client.create(pathOf(apiVersion, plural), object);

const staged = async (apiVersion: string, plural: string, name: string): Promise<unknown> =>
  clusters.beta.client.get(pathOf(apiVersion, plural, name));

async function stage(policy: Partial<StageRequest['policy']> = {}): Promise<StageDiff> {
  const request = requestOf(fixture);
  return fixture.driver.stage({ ...request, policy: { ...request.policy, ...policy } }, quietly());
}

const template = podTemplate('web') as { metadata: object; spec: { containers: object[] } };

test('what belongs to the first cluster stays there, and what is another at the second is mapped', async () => {
  await make('v1', 'services', {
    metadata: { name: 'front' },
    spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80, nodePort: 30123 }] },
  });
  await make('v1', 'services', { metadata: { name: 'peers' }, spec: { clusterIP: 'None', ports: [{ port: 80 }] } });
  await make('v1', 'serviceaccounts', { metadata: { name: 'shop' }, secrets: [{ name: 'shop-token-1' }] });
  await make('v1', 'persistentvolumeclaims', {
    metadata: { name: 'orders', annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
    spec: {
      storageClassName: 'gp3',
      volumeName: 'pv-1',
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
    },
  });
  await make('networking.k8s.io/v1', 'ingresses', {
    metadata: { name: 'front' },
    spec: {
      tls: [{ hosts: ['shop.example.com'], secretName: 'tls' }],
      rules: [
        {
          host: 'shop.example.com',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'front', port: { number: 80 } } } }],
          },
        },
      ],
    },
  });
  await make('apps/v1', 'deployments', {
    metadata: {
      name: 'mapped',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', note: 'kept' },
    },
    spec: { replicas: 4, selector: { matchLabels: { app: 'web' } }, template },
  });
  const maps: StageRequest['policy']['maps'] = {
    storageClasses: { gp3: 'standard' },
    images: { 'example.invalid/': 'mirror.invalid/shop/' },
    ingressHosts: { 'shop.example.com': 'shop.dr.example.com' },
  };
  expect(await stage({ maps })).toMatchObject({ kept: [], troubles: [] });
  const front = (await staged('v1', 'services', 'front')) as { spec: { ports: { nodePort: number }[] } };
  expect(front.spec.ports[0]?.nodePort).not.toBe(30123);
  expect(await staged('v1', 'services', 'peers')).toMatchObject({ spec: { clusterIP: 'None' } });
  expect(await staged('v1', 'serviceaccounts', 'shop')).not.toHaveProperty('secrets');
  const orders = await staged('v1', 'persistentvolumeclaims', 'orders');
  expect(orders).toMatchObject({ spec: { storageClassName: 'standard' }, status: { phase: 'Pending' } });
  expect(orders).not.toHaveProperty('spec.volumeName');
  expect(orders).not.toHaveProperty(['metadata', 'annotations', 'pv.kubernetes.io/bind-completed']);
  expect(await staged('networking.k8s.io/v1', 'ingresses', 'front')).toMatchObject({
    spec: { tls: [{ hosts: ['shop.dr.example.com'] }], rules: [{ host: 'shop.dr.example.com' }] },
  });
  const mapped = await staged('apps/v1', 'deployments', 'mapped');
  expect(mapped).toMatchObject({
    metadata: {
      annotations: { note: 'kept', 'switchback.dev/original-replicas': '4' },
      labels: { 'switchback.dev/staged-by': 'shop' },
    },
    spec: { replicas: 0, template: { spec: { containers: [{ image: 'mirror.invalid/shop/app:1' }] } } },
  });
  expect(mapped).not.toHaveProperty(['metadata', 'annotations', 'kubectl.kubernetes.io/last-applied-configuration']);
  expect(await stage({ maps })).toMatchObject({ created: 0, changed: 0, deleted: 0, troubles: [] });
});

test('every kind that could run rests at the standby, and an autoscaler stands aside', async () => {
  await make('apps/v1', 'statefulsets', statefulSet('queue', 2));
  await make('apps/v1', 'daemonsets', daemonSet('agent', true));
  await make('batch/v1', 'cronjobs', cronJob('report', false));
  await make('autoscaling/v2', 'horizontalpodautoscalers', autoscaler('web'));
  await stage();
  expect(await staged('apps/v1', 'statefulsets', 'queue')).toMatchObject({ spec: { replicas: 0 } });
  expect(await staged('apps/v1', 'daemonsets', 'agent')).toMatchObject({
    spec: { template: { spec: { nodeSelector: { 'switchback.dev/stopped': 'true' } } } },
  });
  expect(await staged('batch/v1', 'cronjobs', 'report')).toMatchObject({ spec: { suspend: true } });
  expect(await staged('autoscaling/v2', 'horizontalpodautoscalers', 'web')).toMatchObject({
    spec: { scaleTargetRef: { name: 'web.switchback-stopped' } },
  });
  expect(await stage()).toMatchObject({ created: 0, changed: 0, deleted: 0 });
});

test('what is switched off at the active site is recorded as off, and as on when it is again', async () => {
  await make('apps/v1', 'deployments', deployment('spare', 0));
  await make('batch/v1', 'cronjobs', cronJob('report', true));
  await make('apps/v1', 'daemonsets', daemonSet('agent', false));
  const recorded = async () =>
    Promise.all(
      (
        [
          ['apps/v1', 'deployments', 'spare'],
          ['batch/v1', 'cronjobs', 'report'],
          ['apps/v1', 'daemonsets', 'agent'],
        ] as const
      ).map(async ([version, plural, name]) => {
        const { metadata } = (await staged(version, plural, name)) as WorkloadObject;
        return metadata.annotations?.['switchback.dev/original-replicas'];
      }),
    );
  await stage();
  expect(await recorded()).toEqual(['0', '0', '0']);
  const { client } = clusters.alpha;
  await client.patch(pathOf('apps/v1', 'deployments', 'spare'), { spec: { replicas: 3 } });
  await client.patch(pathOf('batch/v1', 'cronjobs', 'report'), { spec: { suspend: false } });
  const nodeSelector = { 'switchback.dev/stopped': null };
  await client.patch(pathOf('apps/v1', 'daemonsets', 'agent'), { spec: { template: { spec: { nodeSelector } } } });
  await stage();
  expect(await recorded()).toEqual(['3', '1', '1']);
});

test('a key that is taken out at the active site goes at the standby, and what a person added there stays', async () => {
  await make('v1', 'configmaps', { metadata: { name: 'many' }, data: { one: '1', two: '2' } });
  await stage();
  await clusters.alpha.client.patch(pathOf('v1', 'configmaps', 'many'), { data: { two: null } });
  const byHand = { fieldManager: 'a-person' };
  await clusters.beta.client.patch(pathOf('v1', 'configmaps', 'many'), { data: { three: '3' } }, undefined, byHand);
  expect((await stage()).changes).toEqual([{ object: 'ConfigMap many', did: 'changed', fields: ['data.two'] }]);
  expect(await staged('v1', 'configmaps', 'many')).toMatchObject({ data: { one: '1', three: '3' } });
});

test('fences, Roles of the worker and what is excepted are not copied', async () => {
  await fixture.fence(fixture.site, 'unfenced', 1);
  await fixture.put(fixture.site, 'site-settings', 'ours');
  await stage({ except: [{ kind: 'ConfigMap', name: 'site-settings' }] });
  expect(await fixture.names(fixture.peer, 'settings')).toEqual(['settings']);
  await expect(staged('v1', 'configmaps', 'switchback-fence-shop')).rejects.toMatchObject({ status: 404 });
});

test('what the standby refuses is named without its contents, and the rest goes on', async () => {
  await stage();
  await clusters.beta.client.text({ method: 'DELETE', path: pathOf('apps/v1', 'deployments', 'web') });
  const other = { replicas: 0, selector: { matchLabels: { app: 'other' } }, template: podTemplate('other') };
  await clusters.beta.client.create(pathOf('apps/v1', 'deployments'), {
    metadata: { name: 'web', labels: { 'switchback.dev/staged-by': 'shop' } },
    spec: other,
  });
  await fixture.put(fixture.site, 'later', 'text');
  const diff = await stage();
  expect(diff.troubles).toEqual([
    { object: 'Deployment web', because: expect.stringMatching(/422 Invalid: .*spec.selector.*field is immutable$/s) },
  ]);
  expect(JSON.stringify(diff)).not.toContain('matchLabels');
  expect(diff.changes).toEqual([{ object: 'ConfigMap later', did: 'created', fields: [] }]);
});

test('a namespace that is gone is not taken for one whose objects were all deleted', async () => {
  await stage();
  const path = `/api/v1/namespaces/${namespace}`;
  await clusters.alpha.client.text({ method: 'DELETE', path });
  await expect(stage()).rejects.toMatchObject({
    code: 'RequestRefused',
    message: expect.stringContaining('nothing is staged'),
  });
  expect(await fixture.read(fixture.peer, 'settings')).toBe('first');
});

test('killed in the middle and called again it ends the same', async () => {
  for (let index = 0; index < 60; index += 1) await fixture.put(fixture.site, `many-${index}`, 'text');
  const program = path.join(__dirname, 'stage-process.ts');
  const request = JSON.stringify(requestOf(fixture));
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', program, clusters.folder, request], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let lines = 0;
  child.stdout.on('data', (text: Buffer) => {
    lines += text.toString().split('\n').length - 1;
    if (lines >= 4) child.kill('SIGKILL');
  });
  expect((await ended)[1]).toBe('SIGKILL');
  const before = (await fixture.names(fixture.peer, 'settings')).length;
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(61);
  await stage();
  expect(await fixture.names(fixture.peer, 'settings')).toHaveLength(61);
  expect(await fixture.wanted(fixture.peer, 'web')).toBe(0);
  expect(await stage()).toMatchObject({ created: 0, changed: 0, deleted: 0, kept: [], troubles: [] });
});
