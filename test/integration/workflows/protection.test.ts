import type { AcquireUpdate } from '../../../activities/group-contract';
import '../patience';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Connection, type Client, WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { LoadedRunbook } from '../../../activities/contract';
import type { ReplicatePass } from '../../../activities/replicate-contract';
import {
  CONTROL_TASK_QUEUE,
  groupUpdates,
  protectionWorkflowId,
  queries,
  siteTaskQueue,
} from '../../../core/model/names';
import type { ProtectionState } from '../../../core/model/protection';
import { searchAttributes } from '../../../core/model/search-attributes';
import { formatDiagnostic } from '../../../core/runbook/diagnostic';
import { parseRunbook } from '../../../core/runbook/parse-runbook';
import { createClient } from '../../../temporal/create-client';
import { dataConverter } from '../../../temporal/data-converter';
import { findTemporalServer } from '../../../workers/temporal-server/find-temporal-server';
import { startTemporalServer, type RunningServer } from '../../../workers/temporal-server/start-temporal-server';
import { workflowBundle } from '../../../workers/workflow-bundle';
import { tinyRunbook } from './tiny-runbook';
import { until } from '../faults/until';

/** Which of query and workflow task a worker gets first is up to the server: of these, about every second meets the query. */
const GROUPS = Array.from({ length: 10 }, (_, index) => `group-${index}`);

let home: string;
let server: RunningServer;
let native: NativeConnection;
let client: Client;

beforeAll(async () => {
  // The SDK warns of each query that fails, and here they are meant to.
  const logging = { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) };
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging },
    shutdownSignals: [],
  });
  const found = await findTemporalServer({ say: () => undefined });
  if (found.kind !== 'binary') throw new Error('this test starts a server of its own');
  home = await mkdtemp(path.join(os.tmpdir(), 'switchback-query-'));
  const files = { dbFile: path.join(home, 'temporal.db'), logFile: path.join(home, 'temporal.log') };
  server = await startTemporalServer({ binary: found.path, ...files, searchAttributes, uiPort: false });
  const { address } = server;
  native = await NativeConnection.connect({ address });
  const connection = await Connection.connect({ address });
  client = await createClient(connection);
});

afterAll(async () => {
  await Promise.all([client.connection.close(), native.close()]);
  await server.stop();
  await rm(home, { recursive: true, force: true });
});

interface Circumstances {
  /** Runbooks are read after it. */
  readonly mayLoad?: Promise<void>;
  /** From one pass of replication to the next. */
  readonly everySeconds?: number;
  readonly replicate?: (input: { readonly group: string }) => Promise<ReplicatePass>;
  readonly fenceStandby?: () => Promise<{ readonly fencing: 'fenced' }>;
}

function pass(): Promise<ReplicatePass> {
  const now = new Date().toISOString();
  return Promise.resolve({ asOf: { data: now }, bytesSent: 0, points: [], thinned: [], finishedAt: now });
}

/** A worker of the workflows, with activities that do nothing, until `use` is done. */
async function withWorker<Result>(
  use: () => Promise<Result>,
  { mayLoad = Promise.resolve(), everySeconds = 5, ...given }: Circumstances = {},
): Promise<Result> {
  const parsed = parsedRunbook();
  const runbook = { ...parsed, replication: { ...parsed.replication, everySeconds } };
  const activities = {
    loadRunbook: async (input: { runbook: string }): Promise<LoadedRunbook> => {
      await mayLoad;
      return { runbook: { ...runbook, group: input.runbook }, digest: 'digest' };
    },
    replicate: pass,
    ...given,
  };
  const common = { connection: native, namespace: 'default', dataConverter, activities };
  const queues = [runbook.sites.primary.name, runbook.sites.recovery.name].map(siteTaskQueue);
  const workers = await Promise.all([
    Worker.create({ ...common, taskQueue: CONTROL_TASK_QUEUE, workflowBundle: await workflowBundle() }),
    ...queues.map((taskQueue) => Worker.create({ ...common, taskQueue })),
  ]);
  const running = workers.map((worker) => worker.run());
  try {
    return await use();
  } finally {
    for (const worker of workers) worker.shutdown();
    await Promise.all(running);
  }
}

function parsedRunbook() {
  const parsed = parseRunbook(tinyRunbook({ replication: '{ every: 5s }' }), 'runbook.yaml');
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
  return parsed.runbook;
}

const stateOf = (group: string): ProtectionState => ({
  group,
  phase: 'Protected',
  activeSite: 'primary',
  epoch: 1,
  highestEpoch: 1,
  replication: { direction: 'primary-to-recovery', paused: false, asOf: {} },
  fencing: { primary: 'unfenced', recovery: 'fenced' },
  runs: [],
});

const holderOf = (group: string): AcquireUpdate => ({
  group,
  runbook: group,
  holder: { workflowId: `failover/${group}`, runId: `run of ${group}`, operation: 'failover', since: '2026-01-01' },
});

const protect = (group: string, state: Partial<ProtectionState> = {}): Promise<WorkflowHandle> =>
  client.workflow.start('protection', {
    taskQueue: CONTROL_TASK_QUEUE,
    workflowId: protectionWorkflowId(group),
    args: [{ runbook: group, state: { ...stateOf(group), ...state } }],
  });

/** A turn that rests waits for its end, for the time when the runbook is read again, and for the end of the sample of protection. */
const WAITS = 3;

const timers = async (handle: WorkflowHandle): Promise<{ readonly started: number; readonly ended: number }> => {
  const { events } = await handle.fetchHistory();
  const count = (wanted: (event: NonNullable<typeof events>[number]) => unknown): number =>
    (events ?? []).filter((event) => Boolean(wanted(event))).length;
  return {
    started: count((event) => event.timerStartedEventAttributes),
    ended: count((event) => event.timerFiredEventAttributes),
  };
};

/** Where the worker read the history anew for a query, the server takes the update back, and says so: it is sent again. */
async function acquire(handle: WorkflowHandle, group: string): Promise<void> {
  await handle.executeUpdate(groupUpdates.acquire, { args: [holderOf(group)] }).catch((error: unknown) => {
    const because = error instanceof WorkflowUpdateFailedError ? error.cause?.message : undefined;
    if (because?.includes("wasn't processed by worker") !== true) throw error;
    return acquire(handle, group);
  });
}

test('a query that waited for a worker leaves a history that replays, whatever came after it', async () => {
  const handles = await withWorker(async () => {
    const started = await Promise.all(GROUPS.map((group) => protect(group)));
    for (const handle of started) await until('it rests', async () => (await timers(handle)).started === WAITS);
    return started;
  });

  // No workflow task waits yet, so the server passes the queries on to the next worker by themselves.
  const answers = handles.map((handle) => handle.query<ProtectionState>(queries.state));
  const early = await Promise.all(handles.map(timers));
  for (const handle of handles) await until('its rest ends', async () => (await timers(handle)).ended > 0);
  const acquired = handles.map((handle, index) => acquire(handle, GROUPS[index] ?? ''));
  await withWorker(() => Promise.all([...answers, ...acquired]));

  expect(early).toEqual(GROUPS.map(() => ({ started: WAITS, ended: 0 })));
  const replayed = handles.map(async (handle) =>
    Worker.runReplayHistory({ workflowBundle: await workflowBundle(), dataConverter }, await handle.fetchHistory()),
  );
  await Promise.all(replayed);
});

test('a hold that is taken while the workflow begins anew with its known state is kept', async () => {
  let load = (): void => undefined;
  const mayLoad = new Promise<void>((resolve) => (load = resolve));
  const state = await withWorker(
    async () => {
      const handle = await protect('begins-anew');
      await handle.executeUpdate(groupUpdates.acquire, { args: [holderOf('begins-anew')] });
      load();
      await until('it rests', async () => (await timers(handle)).started === WAITS);
      return handle.query<ProtectionState>(queries.state);
    },
    { mayLoad },
  );

  expect(state).toMatchObject({ phase: 'Recovering', holder: { runId: 'run of begins-anew' } });
});

test('a pass that failed is made again soon, however long the rest between two good ones', async () => {
  let passes = 0;
  // The groups of other tests go on.
  const replicate = ({ group }: { readonly group: string }): Promise<ReplicatePass> =>
    group === 'failed-pass' && (passes += 1) === 1 ? Promise.reject(new Error('the claim is not there yet')) : pass();
  await withWorker(
    async () => {
      const handle = await protect('failed-pass');
      const told: (string | undefined)[] = [];
      await until('a pass succeeds', async () => {
        const { replication } = await handle.query<ProtectionState>(queries.state);
        if (replication.lastError !== told.at(-1)) told.push(replication.lastError);
        return replication.lastPassAt !== undefined;
      });
      expect(told).toEqual(['the claim is not there yet', undefined]);
    },
    { everySeconds: 3600, replicate },
  );
  expect(passes).toBe(2);
});

test('a wake that comes while the standby is fenced is not lost', async () => {
  let fences = 0;
  let confirm = (): void => undefined;
  const confirmed = new Promise<void>((resolve) => (confirm = resolve));
  const fenceStandby = async () => {
    fences += 1;
    await confirmed;
    return { fencing: 'fenced' as const };
  };
  await withWorker(
    async () => {
      const { holder } = holderOf('wake');
      const handle = await protect('wake', {
        holder,
        fencing: { primary: 'unfenced', recovery: 'unconfirmed' },
        replication: { direction: 'primary-to-recovery', paused: true, asOf: {} },
      });
      await until('the standby is being fenced', () => fences > 0);
      await handle.executeUpdate(groupUpdates.resumeReplication, { args: [{ runId: holder.runId }] });
      confirm();
      await until('a pass is made', async () => {
        const { replication } = await handle.query<ProtectionState>(queries.state);
        return replication.lastPassAt !== undefined;
      });
    },
    { everySeconds: 3600, fenceStandby },
  );
});
