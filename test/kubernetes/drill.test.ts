import type { WorkflowHandle } from '@temporalio/client';
import type { RunStatus } from '../../core/model/run';
import { isStatus } from '../../drivers/kubernetes/client/kube-error';
import type { KubeObject } from '../../drivers/kubernetes/kube-object';
import type { OperationResult } from '../../workflows/run-operation';
import type { Cluster } from '../../lab/kubernetes/cluster/start-cluster';
import { deployment, deploymentsIn } from './lab/objects';
import { podsIn } from './lab/pods-in';
import { ProductionWatch } from './shop/production-watch';
import { startShopLab, type ShopLab } from './shop/shop-lab';
import { pathIn, type Collection } from './shop/shop-objects';

let lab: ShopLab;
beforeAll(async () => void (lab = await startShopLab()));
afterAll(async () => lab.tearDown());

const everything = { agent: 2, api: 3, queue: 2, 'web-one': 1, 'web-two': 1 };

const held = ({ waitingFor }: RunStatus): boolean => waitingFor.some(({ name }) => name === 'hold');

/** Fails at once, and with its reason, when the run ends or asks for something else. */
const untilHeld = async (handle: WorkflowHandle): Promise<void> => {
  const status = await lab.until(handle, ({ waitingFor }) => waitingFor.length > 0);
  expect({ waitingFor: status.waitingFor, held: held(status) }).toMatchObject({ held: true });
};

async function namespaceOf(cluster: Cluster): Promise<KubeObject | undefined> {
  return cluster.client.get<KubeObject>(`/api/v1/namespaces/${lab.copyNamespace}`).catch((error: unknown) => {
    if (isStatus(error, 404)) return undefined;
    throw error;
  });
}

const inCopy = async <Result>(collection: Collection, name: string): Promise<Result> =>
  lab.clusters.beta.client.get<Result>(pathIn(lab.copyNamespace, collection, name));

const ended = async (handle: WorkflowHandle): Promise<OperationResult> => (await handle.result()) as OperationResult;

/** Holds a drill with somebody looking at production from its start to its end; nothing of a copy is left. */
async function watched(drill: () => Promise<OperationResult>): Promise<OperationResult> {
  const { alpha, beta } = lab.clusters;
  const watch = await ProductionWatch.begin([alpha, beta], lab.namespace);
  const result = await drill();
  await watch.expectUntouched();
  expect([await namespaceOf(alpha), await namespaceOf(beta)]).toEqual([undefined, undefined]);
  expect(await lab.resolve()).toEqual(['127.0.1.1']);
  expect(await lab.state()).toMatchObject({ phase: 'Protected', activeSite: 'primary' });
  return result;
}

const done = { gate: 'hold', by: 'ana', decision: 'done' };

describe('a drill of a shop on two clusters leaves production as it is', () => {
  test('when all goes well: the copy runs in a namespace of its own, alone, and is gone afterwards', async () => {
    const result = await watched(async () => {
      const handle = await lab.run('drill', { keepSeconds: 600 });
      await untilHeld(handle);
      expect(await podsIn(lab.clusters.beta, lab.copyNamespace)).toEqual(everything);
      const { metadata } = (await namespaceOf(lab.clusters.beta)) ?? { metadata: { labels: {} } };
      expect(metadata.labels).toMatchObject({
        'app.kubernetes.io/managed-by': 'switchback',
        'switchback.dev/drill': lab.runbook.group,
        'switchback.dev/drill-of': lab.namespace,
        'switchback.dev/drill-run': (await handle.describe()).runId,
      });
      const itself = { podSelector: {} };
      expect(await inCopy('networkpolicies', 'switchback-drill')).toMatchObject({
        spec: {
          podSelector: {},
          policyTypes: ['Ingress', 'Egress'],
          ingress: [{ from: [itself, { ipBlock: { cidr: '127.0.0.0/8' } }] }],
          egress: [{ to: [itself] }, { ports: [{ port: 53 }, { port: 53 }] }],
        },
      });
      const copied = await inCopy<KubeObject & { readonly spec: object }>('services', 'api');
      expect(copied.spec).toMatchObject({ type: 'ClusterIP', selector: { app: 'api' } });
      expect(copied.metadata.annotations ?? {}).toEqual({});
      expect(await inCopy('configmaps', 'settings')).toMatchObject({ data: { currency: 'EUR' } });
      expect(await inCopy('secrets', 'keys')).toMatchObject({ data: { signing: 'c2VjcmV0' } });
      expect(await inCopy('rolebindings', 'reader')).toMatchObject({ subjects: [{ namespace: lab.copyNamespace }] });
      expect(await inCopy('autoscalers', 'api')).toMatchObject({ spec: { scaleTargetRef: { name: 'api' } } });
      await handle.executeUpdate('decide', { args: [done] });
      return ended(handle);
    });
    expect(result).toMatchObject({ verdict: 'completed' });
  });

  test('when the way back is rehearsed as well, on a second copy at the active site', async () => {
    const result = await watched(async () => ended(await lab.run('drill', { keepSeconds: 0, roundTrip: true })));
    expect(result).toMatchObject({ verdict: 'completed' });
  });

  test('when it is rolled back while its copy runs', async () => {
    const result = await watched(async () => {
      const handle = await lab.run('drill', { keepSeconds: 600 });
      await untilHeld(handle);
      await handle.executeUpdate('decide', { args: [{ ...done, decision: 'failed', comment: 'prices are missing' }] });
      return ended(handle);
    });
    expect(result).toMatchObject({ verdict: 'rolled-back' });
  });

  test('when an earlier one was lost half made: what it left goes first', async () => {
    const { client } = lab.clusters.beta;
    const labels = {
      'switchback.dev/drill': lab.runbook.group,
      'switchback.dev/drill-of': lab.namespace,
      'switchback.dev/drill-run': 'lost',
    };
    await client.create('/api/v1/namespaces', { metadata: { name: lab.copyNamespace, labels } });
    await client.create(deploymentsIn(lab.copyNamespace), deployment('left-over', 1));
    const result = await watched(async () => ended(await lab.run('drill', { keepSeconds: 0 })));
    expect(result).toMatchObject({ verdict: 'completed' });
  });
});

test('a namespace of that name that somebody else has made is left alone, and no drill is held', async () => {
  const { client } = lab.clusters.beta;
  await client.create('/api/v1/namespaces', { metadata: { name: lab.copyNamespace } });
  await client.create(deploymentsIn(lab.copyNamespace), deployment('of-somebody', 1));
  const before = await client.get<KubeObject>(`${deploymentsIn(lab.copyNamespace)}/of-somebody`);
  const handle = await lab.run('drill', { keepSeconds: 0 });
  await expect(handle.result()).resolves.toMatchObject({
    verdict: 'rolled-back',
    because: expect.stringContaining('was not made by Switchback'),
  });
  const after = await client.get<KubeObject>(`${deploymentsIn(lab.copyNamespace)}/of-somebody`);
  expect(after.metadata.uid).toBe(before.metadata.uid);
});
