import '../patience';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Connection, type Client, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { InstancesLook, ObserveInstancesRequest } from '../../../activities/instances-contract';
import {
  CONTROL_TASK_QUEUE,
  groupUpdates,
  protectionWorkflowId,
  queries,
  siteTaskQueue,
} from '../../../core/model/names';
import type { ProtectionState } from '../../../core/model/protection';
import type { Runbook } from '../../../core/model/runbook';
import { searchAttributes } from '../../../core/model/search-attributes';
import { createClient } from '../../../temporal/create-client';
import { dataConverter } from '../../../temporal/data-converter';
import { findTemporalServer } from '../../../workers/temporal-server/find-temporal-server';
import { startTemporalServer, type RunningServer } from '../../../workers/temporal-server/start-temporal-server';
import { workflowBundle } from '../../../workers/workflow-bundle';
import { until } from '../faults/until';
import { tinyRunbook } from './tiny-runbook';
import { writeRunbook } from './write-runbook';

let home: string;
let server: RunningServer;
let native: NativeConnection;
let client: Client;
/** The tiny one, with a store that is a Deployment. */
let runbook: Runbook;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined), shutdownSignals: [] });
  const found = await findTemporalServer({ say: () => undefined });
  if (found.kind !== 'binary') throw new Error('this test starts a server of its own');
  home = await mkdtemp(path.join(os.tmpdir(), 'switchback-instances-'));
  const files = { dbFile: path.join(home, 'temporal.db'), logFile: path.join(home, 'temporal.log') };
  server = await startTemporalServer({ binary: found.path, ...files, searchAttributes, uiPort: false });
  const { address } = server;
  native = await NativeConnection.connect({ address });
  client = await createClient(await Connection.connect({ address }));
  const tiny = await writeRunbook(home, tinyRunbook());
  const workloads = tiny.workloads.map((one) =>
    one.name === 'store' ? { ...one, kubernetes: { kind: 'Deployment', name: 'store' } } : one,
  );
  runbook = { ...tiny, workloads, replication: { ...tiny.replication, everySeconds: 3600 } };
});

afterAll(async () => {
  await Promise.all([client.connection.close(), native.close()]);
  await server.stop();
  await rm(home, { recursive: true, force: true });
});

type Look = (request: ObserveInstancesRequest) => Promise<InstancesLook>;

/** A group that is known, and whose active site is looked at like this. */
async function withGroup(
  group: string,
  { look, known }: { readonly look: Look; readonly known?: ProtectionState['instances'] },
  use: (handle: WorkflowHandle) => Promise<void>,
): Promise<void> {
  const activities = {
    loadRunbook: () => Promise.resolve({ runbook: { ...runbook, group }, digest: 'digest' }),
    observeInstances: look,
  };
  const common = { connection: native, namespace: 'default', dataConverter, activities };
  const workers = await Promise.all([
    Worker.create({ ...common, taskQueue: CONTROL_TASK_QUEUE, workflowBundle: await workflowBundle() }),
    Worker.create({ ...common, taskQueue: siteTaskQueue(runbook.sites.primary.name) }),
  ]);
  const running = workers.map((worker) => worker.run());
  const state: ProtectionState = {
    group,
    phase: 'Protected',
    activeSite: 'primary',
    epoch: 1,
    highestEpoch: 1,
    replication: { direction: 'none', paused: true, asOf: {} },
    fencing: { primary: 'unfenced', recovery: 'fenced' },
    runs: [],
    ...(known && { instances: known }),
  };
  try {
    const workflowId = protectionWorkflowId(group);
    const args: [object] = [{ runbook: group, state }];
    await use(await client.workflow.start('protection', { taskQueue: CONTROL_TASK_QUEUE, workflowId, args }));
  } finally {
    await client.workflow.getHandle(protectionWorkflowId(group)).terminate();
    for (const worker of workers) worker.shutdown();
    await Promise.all(running);
  }
}

const instancesOf = async (handle: WorkflowHandle): Promise<ProtectionState['instances']> =>
  (await handle.query<ProtectionState>(queries.state)).instances;

async function isWaitingForTheNext(handle: WorkflowHandle): Promise<boolean> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).some(
    ({ timerStartedEventAttributes: timer }) => Number(timer?.startToFireTimeout?.seconds) === 5 * 60,
  );
}

test('a site that does not answer is asked again after five minutes, and what was seen before holds', async () => {
  const known = { store: { replicas: 3, seenAt: '2026-11-29T10:00:00.000Z' } };
  const look: Look = () => Promise.reject(new Error('no answer'));
  await withGroup('no-answer', { look, known }, async (handle) => {
    await until('it rests after the look', () => isWaitingForTheNext(handle));
    expect(await instancesOf(handle)).toEqual(known);
  });
});

test('only what is seen while nobody moves the group is kept; what has not changed is told in a word', async () => {
  const asked: ObserveInstancesRequest[] = [];
  let answer: (look: InstancesLook) => void = () => undefined;
  const look: Look = (request) => {
    asked.push(request);
    return new Promise((resolve) => (answer = resolve));
  };
  await withGroup('looks', { look }, async (handle) => {
    await until('the site is looked at', () => asked.length === 1);
    const holder = { workflowId: 'failover/1', runId: 'r1', operation: 'failover', since: '2026-11-29T10:00:00.000Z' };
    await handle.executeUpdate(groupUpdates.acquire, { args: [{ group: 'looks', runbook: 'looks', holder }] });
    answer({ digest: 'as it was', instances: { store: { replicas: 3 } } });
    const release = { phase: 'Protected', epoch: 1, activeSite: 'primary', because: 'refused' };
    const summary = { ...holder, verdict: 'refused', startedAt: holder.since, finishedAt: holder.since };
    await until('the look is over', async () =>
      ((await handle.fetchHistory()).events ?? []).some(({ activityTaskCompletedEventAttributes: done }) =>
        String(done?.result?.payloads?.[0]?.data).includes('as it was'),
      ),
    );
    expect(await instancesOf(handle)).toBeUndefined();
    expect(asked).toHaveLength(1);

    await handle.executeUpdate(groupUpdates.release, { args: [{ group: 'looks', holder, summary, ...release }] });
    await until('it is looked at again at once', () => asked.length === 2);
    answer({ digest: 'as it was' });
    await until('it is known', async () => (await instancesOf(handle)) !== undefined);
    expect(await instancesOf(handle)).toEqual({ store: { replicas: 3, seenAt: expect.any(String) } });
  });
  expect(asked.map(({ known }) => known)).toEqual([undefined, 'as it was']);
  expect(asked[0]?.workloads.map(({ name, checks }) => [name, checks])).toEqual([['store', []]]);
});
