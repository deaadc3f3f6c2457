import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { paperOf } from '../../../cli/paper-of';
import type { Operation } from '../../../core/model/operation';
import { findKubectl } from '../../../lab/kubernetes/binaries/find-binaries';
import { kubeconfig } from '../../../lab/kubernetes/cluster/kubeconfig';
import type { Cluster } from '../../../lab/kubernetes/cluster/start-cluster';
import { until } from '../../integration/faults/until';
import { paperReader } from '../../integration/paper/paper-reader';
import { writeRunbook } from '../../integration/workflows/write-runbook';
import { claimsIn, volumeFolder } from '../lab/claim-folder';
import { describeWithNodes } from '../lab/describe-with-nodes';
import { deploymentsIn, makeNamespace } from '../lab/objects';
import { ledgerRunbook, namespace } from './ledger-objects';
import { podGate } from './pod-gate';
import { startRealClusters } from './real-clusters';
import { claim, ledger, ledgerLog, ledgerPort } from './real-objects';

/** The ledger of the demo in real pods with a volume on two clusters, and nobody who looks after it: no Temporal, no worker. */
async function openLab() {
  const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-real-paper-'));
  const clusters = await startRealClusters();
  const { alpha, beta } = clusters;
  for (const [{ client }, replicas] of [
    [alpha, 1],
    [beta, 0],
  ] as const) {
    await makeNamespace(client, namespace);
    await client.create(claimsIn(namespace), claim('orders'));
    await client.create(deploymentsIn(namespace), ledger('ledger', 'orders', { replicas, ownNames: true }));
  }
  const toLedger = { pods: `/api/v1/namespaces/${namespace}/pods`, labelSelector: 'app=ledger', podPort: ledgerPort };
  const first = await podGate(alpha.client, { address: '127.0.1.1', port: 0, ...toLedger });
  const second = await podGate(beta.client, { address: '127.0.2.1', port: first.port, ...toLedger });
  await writeFile(path.join(home, 'kubeconfig'), kubeconfig([alpha.access, beta.access]), { mode: 0o600 });
  const text = ledgerRunbook({ port: first.port, hostedZoneId: 'Z1', nameServer: '127.0.0.1:1' });
  const runbook = await writeRunbook(home, text.slice(0, text.indexOf('traffic:')));
  const kubectl = await findKubectl({ say: () => undefined });
  const reader = await paperReader({ env: { KUBECONFIGS: home }, programs: [path.dirname(kubectl)] });
  return {
    ...{ clusters, runbook, reader },
    print: (operation: Operation) => paperOf(runbook, path.join(home, 'runbooks'), { operation }),
    order: (address: string, id: string) =>
      fetch(`http://${address}:${first.port}/orders`, { method: 'POST', body: JSON.stringify({ id }) }).then(
        ({ status }) => status,
        () => 0,
      ),
    log: async (cluster: Cluster) =>
      readFile(path.join(await volumeFolder(cluster, namespace, 'orders'), ledgerLog), 'utf8'),
    close: async () => {
      await Promise.all([first.stop(), second.stop()]);
      await clusters.stop();
      await Promise.all([home, reader.folder].map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

/** Ids of the orders, each once and in their order. */
const ids = (log: string): readonly string[] => [
  ...new Set([...log.matchAll(/"id":"([\w-]+)"/g)].map(([, id]) => id ?? '')),
];

describeWithNodes('a ledger with a volume, by hand', () => {
  let lab: Awaited<ReturnType<typeof openLab>>;
  beforeAll(async () => void (lab = await openLab()));
  afterAll(() => lab.close());

  test('a failover with kubectl takes the data along', async () => {
    await until('the ledger takes orders', async () => (await lab.order('127.0.1.1', 'one')) === 201);
    await lab.reader.follow(await lab.print('failover'));
    expect(ids(await lab.log(lab.clusters.beta))).toEqual(['one']);
    expect(await lab.order('127.0.2.1', 'two')).toBe(201);
  });

  test('reprotect and failback bring home what was written meanwhile', async () => {
    await lab.reader.follow(await lab.print('reprotect'));
    await lab.reader.follow(await lab.print('failback'));
    expect(await lab.order('127.0.1.1', 'three')).toBe(201);
    expect(ids(await lab.log(lab.clusters.alpha))).toEqual(['one', 'two', 'three']);
  });
});
