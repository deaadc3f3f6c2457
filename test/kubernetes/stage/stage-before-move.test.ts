import type { Cluster } from '../../../lab/kubernetes/cluster/start-cluster';
import { startShopLab, type ShopLab } from '../shop/shop-lab';
import { pathIn } from '../shop/shop-objects';

let lab: ShopLab;
/** No turn of the schedule comes between a change and the move. */
beforeAll(async () => void (lab = await startShopLab({ stagedEvery: '1h' })));
afterAll(async () => lab.tearDown());

async function complete(operation: string): Promise<void> {
  const handle = await lab.run(operation);
  const { waitingFor } = await lab.until(handle, (now) => now.verdict !== undefined || now.waitingFor.length > 0);
  expect(waitingFor.map(({ name, prompt }) => `${name}: ${prompt}`)).toEqual([]);
  await expect(handle.result()).resolves.toMatchObject({ verdict: 'completed' });
}

const currencyAt = async ({ client }: Cluster): Promise<string | undefined> =>
  (await client.get<{ data: { currency?: string } }>(pathIn(lab.namespace, 'configmaps', 'settings'))).data.currency;

const setCurrency = async ({ client }: Cluster, currency: string): Promise<unknown> =>
  client.patch(pathIn(lab.namespace, 'configmaps', 'settings'), { data: { currency } });

test('what was changed right before a planned move is at the other site when the workloads start there', async () => {
  const { alpha, beta } = lab.clusters;
  await (await lab.run('stage', {})).result();
  expect(await currencyAt(beta)).toBe('EUR');

  await setCurrency(alpha, 'CHF');
  await complete('failover');
  expect(await currencyAt(beta)).toBe('CHF');

  await complete('reprotect');
  await setCurrency(beta, 'SEK');
  await complete('failback');
  expect(await currencyAt(alpha)).toBe('SEK');
});
