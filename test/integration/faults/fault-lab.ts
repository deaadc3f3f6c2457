import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection, ServiceError, type WorkflowHandle } from '@temporalio/client';
import { askAgain } from '../../../core/model/query-too-early';
import { CONTROL_TASK_QUEUE, protectionWorkflowId } from '../../../core/model/names';
import type { RecoveryPlan } from '../../../core/model/plan';
import type { ProtectionState } from '../../../core/model/protection';
import type { RunStatus } from '../../../core/model/run';
import { setUpLab, type Lab } from '../../../demo/lab';
import { startCustomers, type Customers } from '../../../demo/shop/customers';
import { searchAttributes } from '../../../core/model/search-attributes';
import { findTemporalServer } from '../../../workers/temporal-server/find-temporal-server';
import { startTemporalServer, type RunningServer } from '../../../workers/temporal-server/start-temporal-server';
import type { OperationResult } from '../../../workflows/run-operation';
import { until } from './until';
import { WorkerSupply } from './worker-process';

/**
 * Steps follow each other quickly: a record is forgotten after 2 s, no gate waits, a sick workload is given up soon, and a dead
 * worker is missed after a second.
 */
const quickShop = (home: string) => (yaml: string) =>
  yaml
    .replace('ttl: 5s', 'ttl: 2s')
    .replaceAll('within: 15s', 'within: 5s')
    .replace(/^operations:[^]*/m, 'execution: { heartbeat: 1s }\n')
    .replaceAll(/\[node, (\w+\.cjs)\]/g, `[node, --require, ${preload}, $1, ${home}]`);

const preload = path.join(__dirname, 'workload-preload.cjs');

export interface FaultLabOptions {
  readonly ordersPerSecond?: number;
  readonly editRunbook?: (yaml: string) => string;
  /** Where customers ask for the address of the shop; default: its name server. */
  readonly dnsPort?: number;
  /** Called when the sites are up and before anything uses them. */
  readonly onLab?: (lab: Lab) => void;
}

/** The shop on two local sites, customers, a Temporal server of its own, and workers to end and suspend: all real processes. */
export class FaultLab {
  private runs = 0;

  private constructor(
    readonly home: string,
    readonly lab: Lab,
    readonly customers: Customers,
    readonly workers: WorkerSupply,
    readonly client: Client,
    private server: RunningServer,
    private readonly restartServer: () => Promise<RunningServer>,
  ) {}

  static async open(options: FaultLabOptions = {}): Promise<FaultLab> {
    const { ordersPerSecond = 20, editRunbook = (yaml: string) => yaml } = options;
    const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-faults-'));
    const edit = quickShop(home);
    const [start, lab] = await Promise.all([
      serverStarter(home),
      setUpLab({ home, editRunbook: (yaml) => editRunbook(edit(yaml)) }),
    ]);
    options.onLab?.(lab);
    const server = await start();
    const env = await environmentFor(home, server.address, lab.runbookFolder);
    const workers = new WorkerSupply({ home, env });
    const client = new Client({
      connection: await Connection.connect({ address: server.address }),
      interceptors: { workflow: [{ query: askAgain }] },
    });
    const customers = startCustomers({
      name: lab.runbook.traffic[0]?.name ?? '',
      dnsServer: `127.0.0.1:${options.dnsPort ?? lab.dns.dnsPort}`,
      port: lab.webPort,
      clients: 4,
      ratePerSecond: ordersPerSecond,
      ledgerFile: path.join(home, 'customers.jsonl'),
    });
    const port = Number(server.address.split(':').at(-1));
    return new FaultLab(home, lab, customers, workers, client, server, () => start(port));
  }

  /** As a crash would end it; it is back on the same file and port when this resolves. */
  async crashServer(): Promise<void> {
    await this.server.kill9();
    this.server = await this.restartServer();
  }

  start(operation: string, input: object = {}): Promise<WorkflowHandle> {
    this.runs += 1;
    return this.client.workflow.start(operation, {
      taskQueue: CONTROL_TASK_QUEUE,
      workflowId: `${operation}/shop/${this.runs}`,
      args: [{ runbook: this.lab.runbook.group, requestedBy: 'test', ...input }],
    });
  }

  /** Runs an operation to its end, which must be that it completed. */
  async complete(operation: string, input: object = {}): Promise<WorkflowHandle> {
    const handle = await this.start(operation, input);
    await this.completed(handle);
    return handle;
  }

  /** The result of a run that completes. A run that asks about a failed step instead ends the wait with what it asks. */
  async completed(handle: WorkflowHandle): Promise<OperationResult> {
    const result = await this.ended(handle);
    expect(result).toMatchObject({ verdict: 'completed' });
    return result;
  }

  async ended(handle: WorkflowHandle): Promise<OperationResult> {
    const ended = new AbortController();
    const asked = this.askedFor(handle, ended.signal);
    try {
      return await Promise.race([resultOf(handle), asked, this.workers.failure]);
    } finally {
      ended.abort();
      await asked.catch(() => undefined);
    }
  }

  /** Waits until the run looks as wanted. A worker or a server that is away meanwhile is waited for. */
  async until(handle: WorkflowHandle, what: string, wanted: (status: RunStatus) => boolean): Promise<RunStatus> {
    let status: RunStatus | undefined;
    const look = async (): Promise<boolean> => {
      status = await this.status(handle).catch(() => status);
      if (status === undefined) return false;
      if (wanted(status)) return true;
      if (status.verdict) throw new Error(`${handle.workflowId} has ended: ${status.verdict}: ${status.because ?? ''}`);
      return false;
    };
    await until(`${handle.workflowId}: ${what}`, look, () => JSON.stringify(status?.waitingFor));
    if (status === undefined) throw new Error('unreachable');
    return status;
  }

  /** The question that a run asks about a step that failed. */
  async failedStep(handle: WorkflowHandle, step: string): Promise<string> {
    const asks = ({ waitingFor }: RunStatus) => waitingFor.find(({ kind }) => kind === 'failed-step');
    const status = await this.until(handle, `it asks about ${step}`, (seen) => asks(seen) !== undefined);
    expect(asks(status)?.name).toBe(step);
    return asks(status)?.prompt ?? '';
  }

  async status(handle: WorkflowHandle): Promise<RunStatus> {
    return handle.query('status');
  }

  async plan(handle: WorkflowHandle): Promise<RecoveryPlan> {
    const plan = await handle.query<RecoveryPlan | null>('plan');
    if (plan === null) throw new Error(`${handle.workflowId} has no plan yet`);
    return plan;
  }

  /** The plan that an operation would have now. */
  async planOf(operation: string): Promise<RecoveryPlan> {
    this.runs += 1;
    const plan: unknown = await this.client.workflow.execute('plan', {
      taskQueue: CONTROL_TASK_QUEUE,
      workflowId: `plan/${this.runs}`,
      args: [{ runbook: this.lab.runbook.group, operation }],
    });
    return plan as RecoveryPlan;
  }

  async state(): Promise<ProtectionState> {
    const handle = this.client.workflow.getHandle(protectionWorkflowId(this.lab.runbook.group));
    let state: ProtectionState | undefined;
    await until('the group answers', async () => {
      state = (await handle.query<ProtectionState | null>('state').catch(() => null)) ?? undefined;
      return state !== undefined;
    });
    if (state === undefined) throw new Error('unreachable');
    return state;
  }

  async close(): Promise<void> {
    await this.customers.stop();
    await this.workers.close();
    await this.lab.tearDown();
    await this.client.connection.close();
    await this.server.stop();
    await rm(this.home, { recursive: true, force: true });
  }

  private async askedFor(handle: WorkflowHandle, signal: AbortSignal): Promise<never> {
    while (!signal.aborted) {
      const status = await this.status(handle).catch(() => undefined);
      const asked = status?.waitingFor.find(({ kind }) => kind === 'failed-step');
      if (asked) throw new Error(`${handle.workflowId} asks: ${asked.prompt}`);
      await sleep(250);
    }
    throw new Error('the run has ended');
  }
}

/** A server that is killed meanwhile is asked again. */
async function resultOf(handle: WorkflowHandle): Promise<OperationResult> {
  for (;;) {
    try {
      return (await handle.result()) as OperationResult;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      await sleep(50);
    }
  }
}

async function serverStarter(home: string): Promise<(port?: number) => Promise<RunningServer>> {
  const { TEMPORAL_ADDRESS: _others, ...env } = process.env;
  const found = await findTemporalServer({ say: () => undefined, env });
  if (found.kind !== 'binary') throw new Error('these tests end the server, so they need one of their own');
  return (port) =>
    startTemporalServer({
      binary: found.path,
      dbFile: path.join(home, 'temporal.db'),
      logFile: path.join(home, 'temporal.log'),
      searchAttributes,
      uiPort: false,
      ...(port !== undefined && { port }),
    });
}

/** Nothing of what the person has set for another server. */
async function environmentFor(home: string, address: string, runbookFolder: string): Promise<NodeJS.ProcessEnv> {
  const profile = path.join(home, 'temporal-profile.toml');
  await writeFile(profile, '[profile.default]\n');
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'));
  return {
    ...Object.fromEntries(others),
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_CONFIG_FILE: profile,
    SWITCHBACK_HOME: home,
    SWITCHBACK_RUNBOOKS: runbookFolder,
  };
}
