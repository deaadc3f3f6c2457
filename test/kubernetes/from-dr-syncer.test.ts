import type { Cluster } from '../../lab/kubernetes/cluster/start-cluster';
import { podsIn } from './lab/pods-in';
import { pathIn } from './shop/shop-objects';
import { startShopLab, type ShopLab } from './shop/shop-lab';

let lab: ShopLab;
beforeAll(async () => void (lab = await startShopLab()));
afterAll(async () => lab.tearDown());

const everything = { agent: 2, api: 3, queue: 2, 'web-one': 1, 'web-two': 1 };

const podsAt = async (cluster: Cluster) => podsIn(cluster, lab.namespace);

/** As dr-syncer writes down what a Deployment or StatefulSet had when it was copied. */
const recorded = async ({ client }: Cluster, plural: 'deployments' | 'statefulsets', name: string, replicas: number) =>
  client.patch(pathIn(lab.namespace, plural, name), {
    metadata: {
      annotations: { 'dr-syncer.io/original-replicas': String(replicas), 'dr-syncer.io/source-namespace': 'shop' },
    },
  });

test('a standby as dr-syncer leaves it is taken over: what runs at home counts, not what dr-syncer once wrote down', async () => {
  const { alpha, beta } = lab.clusters;
  await recorded(beta, 'deployments', 'api', 4);
  await recorded(beta, 'deployments', 'web-one', 2);
  await recorded(beta, 'statefulsets', 'queue', 1);
  await lab.complete('failover');
  expect(await podsAt(alpha)).toEqual({});
  expect(await podsAt(beta)).toEqual(everything);
  await lab.complete('reprotect');
  await lab.complete('failback');
  expect(await podsAt(alpha)).toEqual(everything);
});

test('a number that dr-syncer has kept from its first cutover does not come back: what ran at the last stop counts', async () => {
  const { alpha, beta } = lab.clusters;
  await recorded(alpha, 'deployments', 'api', 1);
  await alpha.client.patch(pathIn(lab.namespace, 'deployments', 'api'), { spec: { replicas: 5 } });
  while ((await podsAt(alpha))['api'] !== 5) await new Promise((end) => setTimeout(end, 50));
  await lab.complete('failover');
  await lab.complete('reprotect');
  await lab.complete('failback');
  expect(await podsAt(alpha)).toMatchObject({ api: 5 });
  expect(await podsAt(beta)).toEqual({});
});
