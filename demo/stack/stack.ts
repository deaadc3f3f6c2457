import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { protectionWorkflowId } from '../../core/model/names';
import { protectionState } from '../../cli/temporal/resolve-run';
import { withSession, type Session } from '../../cli/temporal/session';
import { SwitchbackFailure } from '../../core/model/failure';
import type { ProtectionState } from '../../core/model/protection';
import { lastLogLines } from '../../workers/temporal-server/last-log-lines';
import { isFree } from '../../workers/temporal-server/loopback-port';
import { setUpLab, type Lab } from '../lab';
import { startCustomers, type Customers } from '../shop/customers';
import { prepareBundle } from './prepare-bundle';
import { provideTemporal, type TemporalServer } from './temporal';
import { startWorker, type WorkerProcess } from './worker-process';

export interface StackOptions {
  readonly home: string;
  readonly continued: boolean;
  readonly standardPorts: boolean;
  /** Nothing is to be left on a server that was there before. */
  readonly passing: boolean;
  readonly ordersPerSecond: number;
  readonly editRunbook?: (yaml: string) => string;
  /** One line for each thing that is done. */
  readonly say: (line: string) => void;
  /** The lab is there and the customers order; the worker may not serve yet. */
  readonly labReady: (lab: Lab, customers: Customers) => Promise<void>;
}

/** Everything that a demo or a day of development needs, all of it running. */
export interface Stack {
  readonly temporal: TemporalServer;
  readonly lab: Lab;
  readonly customers: Customers;
  readonly worker: WorkerProcess;
  /** Where Prometheus finds the metrics of the worker; absent: nowhere. */
  readonly metrics?: string;
  readonly session: Session;
  /** As the protection workflow knows it now. */
  readonly state: () => Promise<ProtectionState>;
}

/** Where Prometheus looks by convention for what OpenTelemetry exports. */
const metricsPort = 9464;

const workerWithinMs = 90_000;

/**
 * Starts server, sites, customers and worker, side by side as far as they go, and hands them to `use`. What was started is left
 * to `endProcessesOf`, which whoever claimed the home calls in any case.
 */
export async function withStack<T>(options: StackOptions, use: (stack: Stack) => Promise<T>): Promise<T> {
  const { home, say } = options;
  const [temporal, { lab, customers }] = await Promise.all([
    provideTemporal({ home, say, standardPorts: options.standardPorts }).then((server) => {
      say(`Temporal serves at ${server.address}${server.uiAddress ? `; Web UI ${server.uiAddress}` : ''}`);
      return server;
    }),
    openShop(options),
    prepareBundle(path.join(home, 'worker.log')),
  ]);
  return withSession({ address: temporal.address, namespace: temporal.namespace }, temporal.env, async (session) => {
    if (temporal.pid === undefined && !options.continued) await refuseSharedServer(session);
    const metrics = options.standardPorts && (await isFree(metricsPort)) && { metrics: `127.0.0.1:${metricsPort}` };
    const worker = startWorker({ home, runbookFolder: lab.runbookFolder, env: temporal.env, ...metrics });
    const stack = { temporal, lab, customers, worker, session, ...metrics };
    const state = (): Promise<ProtectionState> => protectionState(session, lab.runbook.group);
    await untilProtected(worker, state);
    say(`the worker (process ${worker.pid}) serves, group ${lab.runbook.group} is protected`);
    try {
      return await use({ ...stack, state });
    } finally {
      if (temporal.pid === undefined && options.passing) await leaveServer(session, lab.runbook.group);
    }
  });
}

async function openShop(options: StackOptions): Promise<{ readonly lab: Lab; readonly customers: Customers }> {
  const { home, say, editRunbook, ordersPerSecond, labReady } = options;
  const lab = await setUpLab({ home, ...(editRunbook && { editRunbook }) });
  const { alpha, beta } = lab.sites;
  say(`sites ${alpha.name} (${alpha.address}) and ${beta.name} (${beta.address}) are up, the shop runs`);
  const [record] = lab.runbook.traffic;
  const customers = startCustomers({
    name: record?.name ?? '',
    dnsServer: `127.0.0.1:${lab.dns.dnsPort}`,
    port: lab.webPort,
    clients: 4,
    ratePerSecond: ordersPerSecond,
    ledgerFile: path.join(home, 'customers.jsonl'),
  });
  say(`customers order ${ordersPerSecond} times a second, by the name ${record?.name}`);
  await labReady(lab, customers);
  return { lab, customers };
}

/** On a server that others use, a worker of theirs would take our steps, and a group of theirs might have our name. */
async function refuseSharedServer({ client, settings }: Session): Promise<void> {
  const running = client.workflow.list({ query: 'WorkflowType = "protection" AND ExecutionStatus = "Running"' });
  for await (const { workflowId } of running) {
    throw new SwitchbackFailure(
      'InvalidInput',
      `namespace "${settings.namespace}" of ${settings.address} already looks after ${workflowId}; ` +
        'unset TEMPORAL_ADDRESS to use a server of its own, or name an unused namespace with TEMPORAL_NAMESPACE; ' +
        `what an interrupted demo left there is ended by: temporal workflow terminate --workflow-id ${workflowId}`,
    );
  }
}

const leaveServer = async ({ client }: Session, group: string): Promise<void> => {
  await client.workflow.getHandle(protectionWorkflowId(group)).terminate('the demo has ended');
};

/** Waits until the protection workflow answers: then workflows, activities and both sites work. */
async function untilProtected(worker: WorkerProcess, state: () => Promise<ProtectionState>): Promise<void> {
  let ended: string | undefined;
  void worker.ended.then((how) => (ended = how));
  const deadline = Date.now() + workerWithinMs;
  for (let saw = ''; ; await sleep(50)) {
    const answer = await state().catch((error: unknown) => String(error));
    if (typeof answer !== 'string') return;
    saw = answer;
    if (ended === undefined && Date.now() < deadline) continue;
    const log = await lastLogLines(worker.logFile);
    throw new SwitchbackFailure(
      'NoWorker',
      `the worker ${ended ?? `does not serve: ${saw}`}; its log ends with:\n${log}`,
    );
  }
}
