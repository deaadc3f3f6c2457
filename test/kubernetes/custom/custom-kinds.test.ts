import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubernetesSite } from '../../../core/model/site';
import type { RecoveryPlan } from '../../../core/model/plan';
import type { WorkloadSpec } from '../../../core/model/workload';
import { neededForCustom } from '../../../drivers/kubernetes/health/needed-permissions';
import type { KubeObject, WorkloadObject } from '../../../drivers/kubernetes/kube-object';
import { createKubernetesWorkloads, type KubernetesWorkloads } from '../../../drivers/kubernetes/kubernetes-workloads';
import { epochOf } from '../../../drivers/kubernetes/workloads/annotations';
import type { Cluster } from '../../../lab/kubernetes/cluster/start-cluster';
import { kubeconfig } from '../../../lab/kubernetes/cluster/kubeconfig';
import { quietly } from '../../contract/contract';
import { until } from '../../integration/faults/until';
import { startFaultyApi, type FaultyApi } from '../lab/faulty-api';
import { podsIn } from '../lab/pods-in';
import { asked } from '../permissions/asked';
import { applyManifests, customRole, wordsIn, wordsOfNeeded, workerRole } from '../permissions/manifests';
import { startCustomLab, namespace, type CustomLab } from './custom-lab';
import {
  apiVersion,
  collectionOf,
  customObject,
  define,
  pools,
  rollouts,
  type CustomDefinition,
} from './custom-objects';

let lab: CustomLab;
let driver: KubernetesWorkloads;
beforeAll(async () => {
  lab = await startCustomLab();
  driver = createKubernetesWorkloads({ kubeconfigFolder: lab.clusters.folder });
});
afterAll(async () => {
  driver.close();
  await lab.tearDown();
});

const everything = { cache: 2, web: 3 };
const ofCustom = customRole('example.com', ['rollouts', 'pools']);
const pathOf = ({ plural }: CustomDefinition, name: string): string => `${collectionOf(namespace, plural)}/${name}`;
const podsAt = async (cluster: Cluster) => podsIn(cluster, namespace);
const pods = async () => [await podsAt(lab.clusters.alpha), await podsAt(lab.clusters.beta)];

async function prechecks(): Promise<readonly string[]> {
  const run = await lab.run.run('plan', { operation: 'failover' });
  const plan = (await run.result()) as RecoveryPlan;
  return plan.prechecks.map(({ code, saw }) => `${code}: ${saw}`);
}

test('a plan says which rights to the kinds of the runbook are missing, and with which file they come', async () => {
  const { alpha, beta } = lab.clusters;
  for (const { client } of [alpha, beta]) await applyManifests(client, namespace, workerRole);
  const missing = [
    ...['get', 'list', 'watch', 'patch'].map((verb) => `${verb} rollouts.example.com`),
    'get customresourcedefinitions.apiextensions.k8s.io rollouts.example.com',
    ...['get', 'list', 'watch', 'patch'].map((verb) => `${verb} pools.example.com`),
    'get customresourcedefinitions.apiextensions.k8s.io pools.example.com',
  ].join(', ');
  const finding = `permissions for custom kinds: not allowed in namespace shop: ${missing} (apply deploy/kubernetes/custom-role.yaml`;
  const found = await prechecks();
  expect(found).toContainEqual(expect.stringMatching(/^ActiveSiteHealthy: /));
  for (const code of ['ActiveSiteHealthy', 'StandbySiteHealthy'])
    expect(found.find((one) => one.startsWith(code))).toContain(finding);
});

test('a plan says that a cluster does not know a kind', async () => {
  const site = lab.runbook.sites.primary as KubernetesSite;
  const customKinds = [{ apiVersion: 'example.com/v1', kind: 'Rolout' }];
  const { findings } = await driver.siteHealth({ ...site, kubernetes: { ...site.kubernetes, customKinds } }, quietly());
  expect(findings.find(({ name }) => name === 'permissions for custom kinds')).toMatchObject({
    ok: false,
    saw: 'the cluster does not know example.com/v1 Rolout',
  });
});

describe('moved by a worker with the Roles of deploy/kubernetes', () => {
  test('a failover starts as many as ran, wherever their kind keeps the number', async () => {
    const { alpha, beta } = lab.clusters;
    for (const { client } of [alpha, beta]) await applyManifests(client, namespace, ofCustom);
    await until('the API servers act by the Roles', async () =>
      (await prechecks()).every((one) => !one.includes('not allowed')),
    );
    expect(await pods()).toEqual([everything, {}]);
    await lab.run.complete('failover');
    expect(await pods()).toEqual([{}, everything]);
    expect(await alpha.client.get(pathOf(pools, 'cache'))).toMatchObject({
      metadata: { annotations: { 'switchback.dev/original-replicas': '2' } },
      spec: { size: { members: 0 }, template: 'v1' },
    });
  });

  describe.each([
    ['Rollout', rollouts, 'web'],
    ['Pool', pools, 'cache'],
  ])('what is fenced of the kind %s is not brought up', (_kind, definition, name) => {
    const refused = { status: 403, message: expect.stringContaining(`switchback-fence: ${name} was last started`) };
    const manifest = customObject(definition, name, 1);
    const client = () => lab.clusters.alpha.client;
    const path = pathOf(definition, name);

    test('by a patch, by its scale, or by a GitOps controller that applies its old manifest', async () => {
      const { spec } = manifest as { spec: object };
      await expect(client().patch(path, { spec })).rejects.toMatchObject(refused);
      await expect(client().patch(`${path}/scale`, { spec: { replicas: 1 } })).rejects.toMatchObject(refused);
      const query = { fieldManager: 'gitops', force: 'true' };
      await expect(client().apply(path, manifest, query, new AbortController().signal)).rejects.toMatchObject(refused);
    });

    test('by a manifest without the number, which its controller takes for one', async () => {
      const [, ...keys] = definition.replicasAt.split('.');
      const spec = keys.reduceRight<unknown>((value, key) => ({ [key]: value }), null);
      await expect(client().patch(path, { spec })).rejects.toMatchObject(refused);
    });

    test('by a controller that removes it and makes it anew', async () => {
      const { spec, metadata } = await client().get<KubeObject & { spec: object }>(path);
      await client().text({ method: 'DELETE', path });
      const collection = collectionOf(namespace, definition.plural);
      await expect(client().create(collection, manifest)).rejects.toMatchObject(refused);
      await client().create(collection, { ...manifest, metadata: { name, annotations: metadata.annotations }, spec });
    });

    test('and all else of it can be changed, as can what belongs to no group', async () => {
      const changed = await client().patch(path, {
        spec: { template: 'v2' },
        metadata: { labels: { release: 'two' } },
      });
      expect(changed).toMatchObject({ spec: { template: 'v2' } });
      await client().create(collectionOf(namespace, definition.plural), customObject(definition, 'bystander', 0));
      await client().patch(pathOf(definition, 'bystander'), {
        spec: (customObject(definition, '', 2) as { spec: object }).spec,
      });
      await client().text({ method: 'DELETE', path: pathOf(definition, 'bystander') });
      await until('its pods are gone', async () => (await podsAt(lab.clusters.alpha))['bystander'] === undefined);
    });
  });

  test('at the active site whoever scales may scale', async () => {
    const { client } = lab.clusters.beta;
    await client.patch(`${pathOf(rollouts, 'web')}/scale`, { spec: { replicas: 4 } });
    await client.patch(pathOf(rollouts, 'web'), { spec: { replicas: 3 } });
    await until('there are three', async () => (await podsAt(lab.clusters.beta))['web'] === 3);
  });

  test('reprotect and failback bring everything home', async () => {
    await lab.run.complete('reprotect');
    await lab.run.complete('failback');
    expect(await pods()).toEqual([everything, {}]);
  });

  describe('a stop and a start', () => {
    let api: FaultyApi;
    let slow: KubernetesSite;
    const web = (): WorkloadSpec => lab.runbook.workloads[0] as WorkloadSpec;
    const path = pathOf(rollouts, 'web');
    const of = (step: string, epoch: number) => ({ group: 'custom', operationKey: step, epoch });
    const read = async () => lab.clusters.alpha.client.get<WorkloadObject>(path);
    beforeAll(async () => {
      const { folder, alpha } = lab.clusters;
      api = await startFaultyApi(alpha);
      await writeFile(join(folder, 'faulty'), kubeconfig([{ ...alpha.access, server: api.server }]));
      const site = lab.runbook.sites.primary as KubernetesSite;
      slow = { ...site, kubernetes: { ...site.kubernetes, kubeconfig: 'faulty' } };
    });
    afterAll(async () => api.stop());

    test('are one change each, so that nothing can come between', async () => {
      const epoch = epochOf(await read()) ?? 0;
      await driver.stop(slow, web(), of('one/stop', epoch), quietly());
      await driver.start(slow, web(), of('one/start', epoch), quietly());
      const changes = api.requests.filter((request) => request.startsWith('PATCH') && request.includes('rollouts'));
      expect(changes).toHaveLength(2);
      expect(await podsAt(lab.clusters.alpha)).toEqual(everything);
    });

    test.each(['stop', 'start'] as const)('change nothing when they are late by an epoch: %s', async (did) => {
      const epoch = epochOf(await read()) ?? 0;
      const site = lab.runbook.sites.primary;
      if (did === 'start') await driver.stop(site, web(), of(`before-${did}/stop`, epoch), quietly());
      const newer = async (): Promise<WorkloadObject> => {
        await driver.fence(site, of(`newer-${did}/fence`, epoch + 1), quietly());
        await driver.unfence(site, of(`newer-${did}/unfence`, epoch + 1), quietly());
        await driver.start(site, web(), of(`newer-${did}/start`, epoch + 1), quietly());
        return read();
      };
      let running: Promise<WorkloadObject> | undefined;
      let isDone = false;
      api.fault = ({ method, url = '' }) => {
        if (method !== 'PATCH' || !url.startsWith(path)) return undefined;
        running ??= newer().finally(() => (isDone = true));
        return isDone ? undefined : { status: 503 };
      };
      await expect(driver[did](slow, web(), of(`late-${did}`, epoch), quietly())).rejects.toMatchObject({
        code: 'StaleEpoch',
      });
      api.fault = () => undefined;
      const before = await running;
      const { metadata, spec } = await read();
      expect([metadata.generation, spec]).toEqual([before?.metadata.generation, before?.spec]);
      expect(metadata.annotations).toEqual(before?.metadata.annotations);
      expect(await podsAt(lab.clusters.alpha)).toMatchObject({ web: 3 });
    });

    test('are refused of an object that does not say which pods are its own', async () => {
      const mute: WorkloadSpec = { ...web(), kubernetes: { kind: 'Mute', apiVersion, name: 'web' } };
      const { client } = lab.clusters.alpha;
      await define(client, { kind: 'Mute', plural: 'mutes', replicasAt: 'spec.replicas' });
      await client.create(collectionOf(namespace, 'mutes'), customObject({ ...rollouts, kind: 'Mute' }, 'web', 1));
      const because = 'Mute web at site "paris" does not say which pods are its own';
      const [seen] = await driver.inspect(slow, 'custom', [mute], quietly());
      expect(seen).toMatchObject({ status: 'unknown', saw: expect.stringContaining(because) });
      await expect(driver.stop(slow, mute, of('mute', 99), quietly())).rejects.toMatchObject({
        code: 'RequestRefused',
        message: expect.stringContaining(because),
      });
    });
  });

  test('they are allowed what they ask for and nothing else, and a plan asks for exactly that', () => {
    const needed = ['rollouts', 'pools'].flatMap((plural) => neededForCustom('example.com', plural));
    const ofKinds = (words: readonly string[]) => words.filter((word) => /example\.com|apiextensions/.test(word));
    const { auditLog } = lab.clusters.alpha;
    expect(ofKinds([...asked(auditLog, namespace), ...asked(auditLog, '')].sort())).toEqual(wordsIn(ofCustom));
    expect([...new Set(wordsOfNeeded(needed))]).toEqual(wordsIn(ofCustom));
  });
});
