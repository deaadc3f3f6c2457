import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { ProtectionState, StageState } from '../../../core/model/protection';
import type { StageDiff } from '../../../core/model/stage';
import type { KubeObject, WorkloadObject } from '../../../drivers/kubernetes/kube-object';
import type { Cluster } from '../../../lab/kubernetes/cluster/start-cluster';
import { keepRecorded } from '../../integration/workflows/history-file';
import { podsIn } from '../lab/pods-in';
import { startShopLab, type ShopLab } from '../shop/shop-lab';
import { pathsOf, pathIn } from '../shop/shop-objects';

let lab: ShopLab;
beforeAll(async () => void (lab = await startShopLab({ stagedEvery: '1s' })));
afterAll(async () => lab.tearDown());

const everything = { agent: 2, api: 3, queue: 2, 'web-one': 1, 'web-two': 1 };

/** Null until the group has been looked at for the first time. */
const stateIfAny = async (): Promise<ProtectionState | null> => lab.state().catch(() => null);

/** Waits for a pass of the schedule that ended as wanted. */
async function untilStaged(wanted: (stage: StageState) => boolean): Promise<StageState> {
  for (;;) {
    const stage = (await stateIfAny())?.stage;
    if (stage !== undefined && wanted(stage)) return stage;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function complete(operation: string): Promise<void> {
  const handle = await lab.run(operation);
  const { waitingFor } = await lab.until(handle, (now) => now.verdict !== undefined || now.waitingFor.length > 0);
  expect(waitingFor.map(({ name, prompt }) => `${name}: ${prompt}`)).toEqual([]);
  await expect(handle.result()).resolves.toMatchObject({ verdict: 'completed' });
}

async function stageNow(input: object = {}): Promise<StageDiff> {
  const handle = await lab.run('stage', input);
  const diff = (await handle.result()) as StageDiff;
  await keepRecorded(lab.home, 'stage', handle);
  return diff;
}

const settingsAt = async ({ client }: Cluster): Promise<string | undefined> =>
  (await client.get<{ data: { currency?: string } }>(pathIn(lab.namespace, 'configmaps', 'settings'))).data.currency;

const setCurrency = async ({ client }: Cluster, currency: string): Promise<unknown> =>
  client.patch(pathIn(lab.namespace, 'configmaps', 'settings'), { data: { currency } });

const servicesAt = async ({ client }: Cluster): Promise<readonly string[]> =>
  (await client.get<{ items: KubeObject[] }>(pathsOf(lab.namespace).services)).items.map(
    ({ metadata }) => metadata.name,
  );

describe('a standby that begins as an empty namespace', () => {
  test('gets everything by itself, and nothing runs there', async () => {
    const { last } = await untilStaged(({ last: pass }) => pass !== undefined && pass.unchanged > 10);
    expect(last).toMatchObject({ from: 'paris', to: 'berlin', kept: [], troubles: [] });
    const { beta } = lab.clusters;
    expect(await podsIn(beta, lab.namespace)).toEqual({});
    const { spec, metadata } = await beta.client.get<WorkloadObject>(pathIn(lab.namespace, 'deployments', 'api'));
    expect(spec.replicas).toBe(0);
    expect(metadata.annotations).toMatchObject({ 'switchback.dev/original-replicas': '3' });
    const report = await beta.client.get<WorkloadObject>(pathIn(lab.namespace, 'cronjobs', 'report'));
    expect(report.spec.suspend).toBe(true);
    expect(await settingsAt(beta)).toBe('EUR');
  });

  test('follows what changes and what is removed', async () => {
    const { alpha, beta } = lab.clusters;
    await setCurrency(alpha, 'CHF');
    await alpha.client.create(pathsOf(lab.namespace).services, {
      metadata: { name: 'gone-soon' },
      spec: { ports: [{ port: 80 }] },
    });
    while (!(await servicesAt(beta)).includes('gone-soon')) await stageNow();
    expect(await settingsAt(beta)).toBe('CHF');
    await alpha.client.text({ method: 'DELETE', path: pathIn(lab.namespace, 'services', 'gone-soon') });
    while ((await servicesAt(beta)).includes('gone-soon')) await stageNow();
    expect(await stageNow({ dryRun: true })).toMatchObject({ dryRun: true, created: 0, changed: 0, deleted: 0 });
  });

  test('after a failover staging goes the other way, and what runs stays as it is', async () => {
    const { alpha, beta } = lab.clusters;
    await complete('failover');
    expect(await podsIn(beta, lab.namespace)).toEqual(everything);
    await setCurrency(beta, 'SEK');
    await untilStaged(({ last }) => last?.from === 'berlin' && last.changed > 0);
    expect(await settingsAt(alpha)).toBe('SEK');
    const diff = await stageNow();
    expect(diff).toMatchObject({ from: 'berlin', to: 'paris', created: 0, deleted: 0, troubles: [] });
    expect(await podsIn(beta, lab.namespace)).toEqual(everything);
    expect(await podsIn(alpha, lab.namespace)).toEqual({});
  });

  test('and after the failback it goes the first way again', async () => {
    await complete('reprotect');
    await complete('failback');
    await untilStaged(({ last }) => last?.from === 'paris');
    expect(await podsIn(lab.clusters.alpha, lab.namespace)).toEqual(everything);
    expect(await podsIn(lab.clusters.beta, lab.namespace)).toEqual({});
    expect((await lab.state()).stage).toMatchObject({ last: { troubles: [] } });
  });

  test('no history holds a secret', async () => {
    const handles = [`protection/${lab.namespace}`, 'stage/1'].map((id) => lab.handle(id));
    for (const handle of handles) {
      const history = JSON.parse(historyToJSON(await handle.fetchHistory())) as unknown;
      const texts: string[] = [];
      JSON.stringify(history, (key, value: unknown) => {
        if (typeof value === 'string') texts.push(key === 'data' ? Buffer.from(value, 'base64').toString() : value);
        return value;
      });
      expect(texts.filter((text) => text.includes('c2VjcmV0'))).toEqual([]);
    }
  });
});
