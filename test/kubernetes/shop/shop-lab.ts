import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { copyOf } from '../../../core/model/drill';
import { CONTROL_TASK_QUEUE } from '../../../core/model/names';
import type { ProtectionState } from '../../../core/model/protection';
import { askAgain } from '../../../core/model/query-too-early';
import type { RunStatus } from '../../../core/model/run';
import type { Runbook } from '../../../core/model/runbook';
import { searchAttributes } from '../../../core/model/search-attributes';
import { createLocalTraffic } from '../../../drivers/local/dns/local-traffic';
import { startDnsServer } from '../../../drivers/local/dns/start-dns-server';
import { copyNamespaceName } from '../../../drivers/kubernetes/copies/copy-name';
import type { KubernetesWorkloads } from '../../../drivers/kubernetes/kubernetes-workloads';
import { productDrivers } from '../../../workers/product-drivers';
import { createWorkers } from '../../../workers/run-workers';
import { readSettings } from '../../../workers/settings';
import { findTemporalServer } from '../../../workers/temporal-server/find-temporal-server';
import { startTemporalServer } from '../../../workers/temporal-server/start-temporal-server';
import { writeRunbook } from '../../integration/workflows/write-runbook';
import { startTwoClusters, type TwoClusters } from '../lab/two-clusters';
import { startLoadBalancer } from './load-balancer';
import { makeShop, shopRunbook } from './shop-objects';

/** The shop on two clusters, a name server, a Temporal server and a worker as the product runs it. */
export interface ShopLab {
  readonly clusters: TwoClusters;
  readonly namespace: string;
  /** Where copies of drills live, at either cluster. */
  readonly copyNamespace: string;
  readonly runbook: Runbook;
  run(operation: string, input?: object): Promise<WorkflowHandle>;
  /** Waits until the run looks as wanted; fails with what it looks like when it has ended otherwise. */
  until(handle: WorkflowHandle, wanted: (status: RunStatus) => boolean): Promise<RunStatus>;
  state(): Promise<ProtectionState>;
  /** Where a customer is led. */
  resolve(): Promise<readonly string[]>;
  tearDown(): Promise<void>;
}

const quiet = { signal: new AbortController().signal, progress: () => undefined };
const namespace = 'shop';

export async function startShopLab(): Promise<ShopLab> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-shop-'));
  const [clusters, dns] = await Promise.all([startTwoClusters(), startDnsServer({ folder: path.join(home, 'dns') })]);
  const { alpha, beta } = clusters;
  await Promise.all([makeShop(alpha.client, namespace, 'active'), makeShop(beta.client, namespace, 'standby')]);
  const primary = await startLoadBalancer({ address: '127.0.1.1', port: 0, cluster: alpha, namespace });
  const { port } = primary;
  const copies = { port, namespace: copyNamespaceName(namespace, copyOf(namespace)) };
  const others = [
    await startLoadBalancer({ address: '127.0.2.1', port, cluster: beta, namespace }),
    await startLoadBalancer({ address: '127.0.3.1', cluster: alpha, ...copies }),
    await startLoadBalancer({ address: '127.0.4.1', cluster: beta, ...copies }),
  ];
  const addresses = { server: `127.0.0.1:${dns.dnsPort}`, api: `http://127.0.0.1:${dns.apiPort}` };
  const runbook = await writeRunbook(home, shopRunbook({ namespace, port, dns: addresses }));
  const [record] = runbook.traffic;
  if (record === undefined) throw new Error('the shop has no record');
  const traffic = createLocalTraffic();
  const first = { group: namespace, operationKey: 'first', epoch: 1 };
  await traffic.switch({ ...first, record, expected: [], next: record.values.primary, ttlSeconds: 1 }, quiet);

  const { server, connection, native } = await startTemporal(home);
  const settings = readSettings({ SWITCHBACK_HOME: home, SWITCHBACK_KUBECONFIGS: clusters.folder }, home);
  const drivers = productDrivers(settings);
  const workers = await createWorkers({
    settings,
    drivers,
    connection,
    native,
    namespace: 'default',
    say: () => undefined,
  });
  const running = workers.run();
  const client = new Client({ connection, interceptors: { workflow: [{ query: askAgain }] } });
  let runs = 0;
  return {
    clusters,
    namespace,
    copyNamespace: copies.namespace,
    runbook,
    run: (operation, input = {}) => {
      runs += 1;
      const args = [{ runbook: namespace, ...input }];
      return client.workflow.start(operation, {
        taskQueue: CONTROL_TASK_QUEUE,
        workflowId: `${operation}/${runs}`,
        args,
      });
    },
    until: async (handle, wanted) => {
      for (;;) {
        const status = await handle.query<RunStatus>('status');
        if (wanted(status)) return status;
        if (status.verdict)
          throw new Error(`${handle.workflowId} has ended: ${status.verdict}: ${status.because ?? ''}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    state: () => client.workflow.getHandle(`protection/${namespace}`).query<ProtectionState>('state'),
    resolve: async () => (await traffic.resolve(record, quiet)).values,
    tearDown: async () => {
      workers.shutdown();
      await running;
      const kubernetes = drivers.sites['kubernetes']?.workload;
      if (kubernetes !== undefined && 'close' in kubernetes) (kubernetes as KubernetesWorkloads).close();
      await Promise.all([connection.close(), native.close()]);
      await Promise.all([primary, ...others].map(async (one) => one.stop()));
      await Promise.all([server?.stop(), dns.stop(), clusters.stop()]);
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function startTemporal(home: string) {
  const found = await findTemporalServer({ say: () => undefined });
  const server =
    found.kind === 'binary'
      ? await startTemporalServer({
          binary: found.path,
          dbFile: path.join(home, 'temporal.db'),
          logFile: path.join(home, 'temporal.log'),
          searchAttributes,
          uiPort: false,
        })
      : undefined;
  const address = server?.address ?? (found.kind === 'address' ? found.address : '');
  const [connection, native] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  return { server, connection, native };
}
