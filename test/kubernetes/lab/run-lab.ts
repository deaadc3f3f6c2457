import path from 'node:path';
import { type Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { CONTROL_TASK_QUEUE } from '../../../core/model/names';
import type { ProtectionState } from '../../../core/model/protection';
import type { RunStatus } from '../../../core/model/run';
import { searchAttributes } from '../../../core/model/search-attributes';
import { createClient } from '../../../temporal/create-client';
import { productDrivers } from '../../../workers/product-drivers';
import { createWorkers } from '../../../workers/run-workers';
import { readSettings } from '../../../workers/settings';
import { findTemporalServer } from '../../../workers/temporal-server/find-temporal-server';
import { startTemporalServer } from '../../../workers/temporal-server/start-temporal-server';
import { Closing } from '../../integration/closing';

/** A Temporal server and a worker as the product runs it. */
export interface RunLab {
  readonly client: Client;
  run(operation: string, input?: object): Promise<WorkflowHandle>;
  /** Runs it to its end. Fails at once, and with its reason, when the run asks what to do about a failed step. */
  complete(operation: string, input?: object): Promise<void>;
  /** Waits until the run looks as wanted; fails with what it looks like when it has ended otherwise. */
  until(handle: WorkflowHandle, wanted: (status: RunStatus) => boolean): Promise<RunStatus>;
  handle(workflowId: string): WorkflowHandle;
  state(): Promise<ProtectionState>;
  tearDown(): Promise<void>;
}

export interface RunLabOptions {
  /** Has the folder `runbooks`. */
  readonly home: string;
  readonly kubeconfigFolder: string;
  readonly runbook: string;
  /** Settings of the worker besides. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function startRunLab(options: RunLabOptions): Promise<RunLab> {
  return Closing.unlessOpen(async (closing) => open(options, closing));
}

async function open({ home, kubeconfigFolder, runbook, env }: RunLabOptions, closing: Closing): Promise<RunLab> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const [connection, native] = await startTemporal(home, closing);
  const settings = readSettings({ SWITCHBACK_HOME: home, SWITCHBACK_KUBECONFIGS: kubeconfigFolder, ...env }, home);
  const drivers = productDrivers(settings);
  closing.first(() => {
    const { workload, replication, stage } = drivers.sites['kubernetes'] ?? {};
    for (const driver of [workload, replication, stage]) (driver as { close?: () => void } | undefined)?.close?.();
  });
  const workers = await createWorkers({
    settings,
    drivers,
    connection,
    native,
    namespace: 'default',
    say: () => undefined,
  });
  const running = workers.run();
  closing.first(async () => {
    workers.shutdown();
    await running;
  });
  const client = await createClient(connection);
  let runs = 0;
  const lab: RunLab = {
    client,
    run: (operation, input = {}) => {
      runs += 1;
      return client.workflow.start(operation, {
        taskQueue: CONTROL_TASK_QUEUE,
        workflowId: `${operation}/${runs}`,
        args: [{ runbook, ...input }],
      });
    },
    complete: async (operation, input) => {
      const handle = await lab.run(operation, input);
      const asking = lab.until(handle, ({ verdict, waitingFor }) => verdict !== undefined || waitingFor.length > 0);
      const { waitingFor } = await asking;
      expect(waitingFor.map(({ name, prompt }) => `${name}: ${prompt}`)).toEqual([]);
      await expect(handle.result()).resolves.toMatchObject({ verdict: 'completed' });
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
    handle: (workflowId) => client.workflow.getHandle(workflowId),
    state: () => client.workflow.getHandle(`protection/${runbook}`).query<ProtectionState>('state'),
    tearDown: async () => closing.close(),
  };
  return lab;
}

async function startTemporal(home: string, closing: Closing) {
  const found = await findTemporalServer({ say: () => undefined });
  const address = found.kind === 'address' ? found.address : await startServer(found.path, home, closing);
  return closing.opened([Connection.connect({ address }), NativeConnection.connect({ address })], async (opened) =>
    opened.close(),
  );
}

async function startServer(binary: string, home: string, closing: Closing): Promise<string> {
  const files = { dbFile: path.join(home, 'temporal.db'), logFile: path.join(home, 'temporal.log') };
  const starting = startTemporalServer({ binary, ...files, searchAttributes, uiPort: false });
  const [{ address }] = await closing.opened([starting], async (server) => server.stop());
  return address;
}
